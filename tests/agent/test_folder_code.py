"""Code is imported from trusted folders only, and from each folder its own."""

import sys
from pathlib import Path

import pytest

from engine.agent.code import CodeError, FolderCode, distrust, is_trusted, trust, trust_file


@pytest.fixture(autouse=True)
def own_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def folder(tmp_path: Path, name: str, **modules: str) -> Path:
    path = tmp_path / name
    path.mkdir(exist_ok=True)
    for module, source in modules.items():
        (path / f"{module}.py").write_text(source)
    return path


def test_an_untrusted_folder_runs_nothing_and_says_how_to_trust_it(tmp_path: Path) -> None:
    path = folder(tmp_path, "a", tools="open(__file__ + '.ran', 'w')\ndef run(): ...\n")
    with pytest.raises(CodeError, match=r"not trusted: `cuecard trust .*a`, or add --trust"):
        FolderCode(path, trusted=False).resolve("tools.run")
    assert not list(path.glob("*.ran"))


def test_two_agents_with_the_same_module_names_keep_their_own(tmp_path: Path) -> None:
    first = FolderCode(
        folder(tmp_path, "a", tools="import helpers\ndef run(): return helpers.N\n", helpers="N = 1\n"), True
    )
    second = FolderCode(
        folder(tmp_path, "b", tools="from . import helpers\ndef run(): return helpers.N\n", helpers="N = 2\n"), True
    )
    assert (first.resolve("tools.run")(), second.resolve("tools.run")(), first.resolve("tools.run")()) == (1, 2, 1)
    assert "helpers" not in sys.modules and "tools" not in sys.modules
    assert not any(str(tmp_path) in entry for entry in sys.path)
    assert not list(tmp_path.rglob("__pycache__"))


def test_opening_a_folder_anew_reads_changed_code(tmp_path: Path) -> None:
    path = folder(tmp_path, "a", tools="def run(): return 'old'\n")
    assert FolderCode(path, True).resolve("tools.run")() == "old"
    folder(tmp_path, "a", tools="def run(): return 'changed'\n")
    assert FolderCode(path, True).resolve("tools.run")() == "changed"


def test_a_module_is_imported_once(tmp_path: Path) -> None:
    code = FolderCode(
        folder(tmp_path, "a", tools="seen = []\ndef run():\n    seen.append(1)\n    return len(seen)\n"), True
    )
    assert [code.resolve("tools.run")() for _ in range(3)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("source", "reference", "said"),
    [
        ("def run(): ...\n", "tools.rum", r"^tools.py has no function rum. Did you mean run\?$"),
        ("def run(): ...\n", "other.run", "^there is no other.py beside the agent file"),
        ("run = 3\n", "tools.run", "^tools.run is not a function$"),
        ("if False:\n    run = 1\n", "tools.run", "^tools.run is not there once the module is imported$"),
        (
            "import nothing_like_it\ndef run(): ...\n",
            "tools.run",
            "^importing tools.py of a failed: ModuleNotFoundError",
        ),
        ("raise SystemExit(3)\ndef run(): ...\n", "tools.run", "^importing tools.py of a failed: SystemExit: 3$"),
        ("raise ValueError('two\\nlines')\ndef run(): ...\n", "tools.run", "failed: ValueError: two lines$"),
    ],
)
def test_code_that_cannot_be_had_is_one_clear_line(tmp_path: Path, source: str, reference: str, said: str) -> None:
    with pytest.raises(CodeError, match=said):
        FolderCode(folder(tmp_path, "a", tools=source), True).resolve(reference)


def test_trust_is_remembered_for_a_folder_and_those_in_it(tmp_path: Path) -> None:
    path = folder(tmp_path, "a")
    inner, other = path / "inner", folder(tmp_path, "ab")
    inner.mkdir()
    assert not is_trusted(path)
    trust(path)
    trust(path)
    assert (is_trusted(path), is_trusted(inner), is_trusted(other), is_trusted(tmp_path)) == (True, True, False, False)
    distrust(path)
    assert not is_trusted(inner)


def test_links_are_followed_before_trust_is_asked(tmp_path: Path) -> None:
    path, elsewhere = folder(tmp_path, "a"), folder(tmp_path, "elsewhere")
    trust(path)
    (path / "link").symlink_to(elsewhere)
    assert not is_trusted(path / "link")


@pytest.mark.parametrize("text", ["", "[", "[]", '{"folders": 3}', '{"folders": [3]}'])
def test_a_broken_list_trusts_nobody_and_is_replaced(tmp_path: Path, text: str) -> None:
    path = folder(tmp_path, "a")
    trust_file().parent.mkdir(parents=True)
    trust_file().write_text(text)
    assert not is_trusted(path)
    trust(path)
    assert is_trusted(path)


def test_a_folder_that_is_not_there_or_a_list_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(CodeError, match="^there is no folder "):
        trust(tmp_path / "nowhere")
    (tmp_path / "config").write_text("a file in the way")
    with pytest.raises(CodeError, match="cannot be written to"):
        trust(folder(tmp_path, "a"))
