"""`cuecard chat` through a pipe: what is answered, why, and what happens with bad input."""

from __future__ import annotations

import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]

STORY = "Can I get a coke?\nWhat? I hate Pepsi, why don't you have coke??\nhello?\n"


def test_the_story_reads_as_a_transcript(cuecard: Run, agent: Path) -> None:
    done = cuecard("chat", str(agent), typed=STORY)
    assert done.returncode == 0
    said = [line for line in done.stdout.splitlines() if line.startswith(("you", "agent"))]
    assert said == [
        "you    Can I get a coke?",
        "agent  We only have Pepsi.",
        "you    What? I hate Pepsi, why don't you have coke??",
        "agent  I apologize. I will transfer you to a manager.",
        "you    hello?",
    ]
    assert "manual mode: the agent is silent" in done.stdout


def test_why_names_who_excluded_whom(cuecard: Run, agent: Path) -> None:
    done = cuecard("chat", str(agent), "--why", typed=STORY)
    assert "✓ handoff_if_upset" in done.stdout
    assert "excluded handoff_if_upset" in done.stdout
    assert "✓ call_manager() (stub)" in done.stdout
    assert "mode fluid, asked by agent" in done.stdout


def test_the_transcript_is_kept_and_goes_on(cuecard: Run, agent: Path) -> None:
    cuecard("chat", str(agent), typed="Can I get a coke?\n")
    done = cuecard("chat", str(agent), "--session", "session-1", typed="/why\n")
    assert "you    Can I get a coke?\nagent  We only have Pepsi." in done.stdout
    wrong = cuecard("chat", str(agent), "--session", "session-9")
    assert wrong.returncode == 2
    assert "there is no session session-9; there are session-1" in wrong.stderr


def test_commands_answer_even_when_they_are_wrong(cuecard: Run, agent: Path) -> None:
    typed = (
        "/why\n/nope\n/set plan=gold\n/set plam=gold\n/wait 5m\ncoke\n/why offer_pepsy\n/why off\n/help\n/quit\nnever\n"
    )
    done = cuecard("chat", str(agent), typed=typed)
    assert done.returncode == 0
    for said in (
        "there is no turn yet",
        "there is no /nope",
        "plan is gold in this session",
        "write /set NAME=VALUE",
        "only virtual time",
        "Did you mean offer_pepsi?",
        "/trigger",
    ):
        assert said in done.stdout
    assert "never" not in done.stdout


def test_people_take_over_and_give_back(cuecard: Run, agent: Path) -> None:
    typed = "/manual\nanyone?\n/human Lee here.\n/auto\nCan I get a coke?\n/trigger Ask if they need more help\n"
    out = cuecard("chat", str(agent), typed=typed).stdout
    assert "Lee here." in out
    assert out.index("anyone?") < out.index("Lee here.") < out.index("We only have Pepsi.") < out.index("more help")


def test_virtual_time_passes(cuecard: Run, agent: Path) -> None:
    done = cuecard("chat", str(agent), "--clock", "2026-03-02 09:00", typed="/wait 1h30m\n/wait soon\n")
    assert "it is 2026-03-02 10:30" in done.stdout
    assert "is no length of time" in done.stdout
    assert cuecard("chat", str(agent), "--clock", "noon").returncode == 2


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("x" * 1_000_000, "1,000,000 characters"),
        ("\x07\x1b", "the message is empty"),
        ("שלום, אפשר פיצה?", "שלום"),
        ("👩‍👩‍👧 🍕?", "👩‍👩‍👧 🍕?"),
    ],
    ids=["a megabyte", "control characters", "right to left", "emoji"],
)
def test_odd_messages_get_one_line_and_the_chat_goes_on(cuecard: Run, agent: Path, message: str, told: str) -> None:
    done = cuecard("chat", str(agent), typed=f"{message}\nCan I get a coke?\n")
    assert done.returncode == 0
    assert told in done.stdout
    assert "agent  We only have Pepsi." in done.stdout
    assert "Traceback" not in done.stderr


def test_a_broken_file_names_every_problem_and_nothing_else(cuecard: Run, agent: Path) -> None:
    (agent / "agent.yaml").write_text(
        "name: X\nguidelines:\n  a: {condition: c}\n  b: {condtion: c, action: d}\n", "utf-8"
    )
    done = cuecard("chat", str(agent))
    assert done.returncode == 2
    assert done.stdout == ""
    assert all(line.startswith(str(agent)) for line in done.stderr.splitlines())
    assert "condition" in done.stderr


def test_a_missing_folder_is_one_line(cuecard: Run, tmp_path: Path) -> None:
    done = cuecard("chat", str(tmp_path / "nowhere"))
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1


def test_a_folder_that_cannot_hold_sessions_is_said_and_the_chat_goes_on(cuecard: Run, agent: Path) -> None:
    (agent / ".cuecard").write_text("a file where the folder should be", "utf-8")
    done = cuecard("chat", str(agent), typed="Can I get a coke?\n")
    assert "this chat is not kept" in done.stdout
    assert "agent  We only have Pepsi." in done.stdout


def test_a_second_chat_says_that_it_is_not_kept(cuecard: Run, agent: Path) -> None:
    first = subprocess.Popen(
        [sys.executable, "-m", "studio.cli", "chat", str(agent)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert first.stdin is not None and first.stdout is not None
    assert "session-1" in first.stdout.readline()
    done = cuecard("chat", str(agent), typed="Can I get a coke?\n")
    assert "this chat is not kept" in done.stdout
    first.communicate("")
    assert first.returncode == 0


def test_a_reader_that_goes_away_ends_the_chat_quietly(agent: Path) -> None:
    chat = subprocess.Popen(
        [sys.executable, "-m", "studio.cli", "chat", str(agent)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert chat.stdin is not None and chat.stdout is not None and chat.stderr is not None
    chat.stdout.readline()
    chat.stdout.close()
    chat.stdin.write(STORY * 20)
    chat.stdin.close()
    assert "Traceback" not in chat.stderr.read()
    chat.stderr.close()
    assert chat.wait() == 0


def test_ctrl_c_ends_the_chat_and_keeps_what_was_said(cuecard: Run, agent: Path) -> None:
    chat = subprocess.Popen(
        [sys.executable, "-m", "studio.cli", "chat", str(agent)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert chat.stdin is not None and chat.stdout is not None and chat.stderr is not None
    chat.stdin.write("Can I get a coke?\n")
    chat.stdin.flush()
    for line in chat.stdout:
        if line.startswith("agent"):
            break
    chat.send_signal(signal.SIGINT)
    _, error = chat.communicate("")
    assert "Traceback" not in error
    assert "We only have Pepsi." in cuecard("chat", str(agent), "--session", "session-1").stdout


def test_code_that_is_not_trusted_is_said_and_does_not_run(cuecard: Run, agent: Path, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    file = agent / "agent.yaml"
    file.write_text(
        file.read_text("utf-8").replace("{data: queued, control: {mode: manual}}", "{python: tools.call}"), "utf-8"
    )
    (agent / "tools.py").write_text(
        f"from pathlib import Path\nPath({str(ran)!r}).touch()\n\ndef call(context):\n    return 'ok'\n", "utf-8"
    )
    done = cuecard("chat", str(agent), "--why", typed="I am furious!!\n")
    assert "not trusted" in done.stdout
    assert not ran.exists()
    trusted = cuecard("chat", str(agent), "--why", "--trust", typed="I am furious!!\n")
    assert "✓ call_manager()" in trusted.stdout
    assert ran.exists()
    assert stat.S_ISREG(ran.stat().st_mode)


def test_nothing_that_is_typed_as_a_command_ends_the_chat(cuecard: Run, agent: Path) -> None:
    typed = "/set plan={a: [}\n/set plan=\n/wait 99999999d\n/wait 99999999999999999d\n/wait -3m\ncoke\n"
    done = cuecard("chat", str(agent), "--clock", "2026-03-02 09:00", typed=typed)
    assert done.returncode == 0, done.stderr
    assert "plan is {a: [} in this session" in done.stdout
    assert "beyond the last day" in done.stdout
    assert "agent  We only have Pepsi." in done.stdout
