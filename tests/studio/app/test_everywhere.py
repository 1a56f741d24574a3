"""What acts in every mode: the palette, own keys, undo, trust, plain signs, themes, the editor."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from rich.segment import Segment
from textual.color import Color
from textual.command import CommandPalette
from textual.content import Content
from textual.widgets import Input

from engine.agent.code import is_trusted
from studio.editor import command_for
from studio.modals.ask import Pick
from studio.modals.trust import TrustQuestion
from studio.own_keys import keys_file, read_own_keys
from studio.plain_glyphs import LINES, SIGNS, PlainGlyphs, plain
from studio.undo import Step, UndoStack
from studio.widgets.frame_lines import CrumbLine, ModeLine
from studio.widgets.thing_list import Row

from .conftest import settled


async def test_the_palette_goes_to_a_thing(studio, workspace_folder):
    async with studio(workspace_folder(), mode="map") as pilot:
        await pilot.press("ctrl+p")
        assert isinstance(pilot.app.screen, CommandPalette)
        pilot.app.screen.query_one(Input).value = "offer_pepsi"
        await pilot.pause()
        await settled(pilot)
        await pilot.press("enter", "enter")
        await settled(pilot)
        assert pilot.app.current_mode == "author"
        assert pilot.app.mode_screen.thing == "offer_pepsi"


async def test_a_click_on_a_mode_goes_there(studio, workspace_folder):
    async with studio(workspace_folder(), mode="author") as pilot:
        await pilot.click(ModeLine, offset=(len(" Home  Author  J"), 0))
        await pilot.pause()
        assert pilot.app.current_mode == "journeys"


async def test_own_keys_take_the_place_of_ours(studio, workspace_folder):
    keys_file().parent.mkdir(parents=True)
    keys_file().write_text("map: f12\n", "utf-8")
    async with studio(workspace_folder(), mode="author") as pilot:
        await pilot.press("f5")
        assert pilot.app.current_mode == "author"
        await pilot.press("f12")
        await pilot.pause()
        assert pilot.app.current_mode == "map"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("plaette: ctrl+k", "did you mean palette?"),
        ("palette: 3", "needs a key such as ctrl+k"),
        ("palette: [ctrl+k\n", "is no YAML"),
        ("- palette", "write lines such as"),
        ("palette: ctrl+k\njump: ctrl+k", "given to both palette and jump"),
    ],
)
def test_what_is_wrong_in_own_keys_is_said_in_one_line(written, said):
    _, faults = read_own_keys(written)
    assert len(faults) == 1 and said in faults[0].lower().replace("no yaml", "no YAML")
    assert "\n" not in faults[0]


async def test_code_of_a_strange_agent_waits_for_an_answer(studio, workspace_folder):
    folder = workspace_folder()
    async with studio(folder, mode="author", trusted=False) as pilot:
        assert isinstance(pilot.app.screen, TrustQuestion)
        await pilot.press("escape")
        assert pilot.app.workspace.snapshot.untrusted_code
        assert not is_trusted(folder)


async def test_this_time_only_is_not_kept(studio, workspace_folder):
    folder = workspace_folder()
    async with studio(folder, mode="author", trusted=False) as pilot:
        await pilot.press("o")
        await settled(pilot)
        assert pilot.app.workspace.snapshot.trusted
        assert not is_trusted(folder)


async def test_trust_is_kept_and_not_asked_for_again(studio, workspace_folder):
    folder = workspace_folder()
    async with studio(folder, mode="author", trusted=False) as pilot:
        await pilot.press("t")
        await settled(pilot)
        assert is_trusted(folder)
    async with studio(folder, mode="author", trusted=False) as pilot:
        assert not isinstance(pilot.app.screen, TrustQuestion)


async def test_a_saved_file_is_read_and_a_broken_one_leaves_the_agent_as_it_was(studio, workspace_folder):
    folder = workspace_folder()
    async with studio(folder, mode="author") as pilot:
        workspace = pilot.app.workspace
        whole = (folder / "agent.yaml").read_text("utf-8")
        (folder / "agent.yaml").write_text(whole.replace("offer_pepsi", "offer_cola"), "utf-8")
        await workspace.reload()
        assert "offer_cola" in workspace.snapshot.agent.things
        (folder / "agent.yaml").write_text("guidelines: [", "utf-8")
        await workspace.reload()
        assert workspace.snapshot.broken and "offer_cola" in workspace.snapshot.agent.things
        await pilot.pause()
        assert any("error" in text for text, _ in pilot.app.screen.query_one(CrumbLine).where.states)


async def test_an_agent_that_cannot_be_read_opens_with_its_problems(studio, tmp_path):
    (tmp_path / "agent.yaml").write_text("name: x\nguidelins: {}\n", "utf-8")
    async with studio(tmp_path, mode="author") as pilot:
        snapshot = pilot.app.workspace.snapshot
        assert snapshot.agent is None and snapshot.broken
        for key in ("f2", "f4", "f5", "f6", "f7"):
            await pilot.press(key)
            await settled(pilot)
        assert pilot.app.current_mode == "scenarios"


async def test_undo_and_redo_walk_the_changes():
    values: list[int] = []

    def adding(number: int) -> Step:
        async def redo() -> None:
            values.append(number)

        async def undo() -> None:
            values.remove(number)

        return Step(f"add {number}", undo, redo)

    stack = UndoStack()
    await stack.do(adding(1))
    await stack.do(adding(2))
    assert (await stack.undo()).name == "add 2" and values == [1]
    assert (await stack.redo()).name == "add 2" and values == [1, 2]
    await stack.undo()
    await stack.do(adding(3))
    assert await stack.redo() is None and values == [1, 3]


def test_plain_signs_are_ascii_and_as_wide():
    assert all(len(sign) == len(written) == 1 and written.isascii() for sign, written in {**SIGNS, **LINES}.items())
    drawn = PlainGlyphs().apply([Segment("▸ ✓ día 東京 █▌")], Color(0, 0, 0))
    assert drawn[0].text == "> + día 東京 #|"
    assert plain("▅⠿╳") == "#.-"


async def test_ascii_draws_no_sign_of_ours(studio, workspace_folder):
    async with studio(workspace_folder(), mode="author", plain=True) as pilot:
        strips = pilot.app.screen._compositor.render_strips()
        filtered = [f.apply(list(strip), Color(0, 0, 0)) for strip in strips for f in pilot.app.get_line_filters()[-1:]]
        assert "".join(segment.text for line in filtered for segment in line).isascii()


@pytest.mark.parametrize("theme", ["cuecard-dark", "cuecard-light", "ansi-dark", "ansi-light", "nord"])
async def test_themes_are_taken_from_the_command_line(studio, workspace_folder, theme):
    async with studio(workspace_folder(), mode="author", theme=theme) as pilot:
        assert pilot.app.theme == theme


async def test_the_chosen_theme_is_remembered(studio, workspace_folder):
    async with studio(workspace_folder(), mode="author") as pilot:
        pilot.app.theme = "cuecard-light"
        await pilot.pause()
    async with studio(workspace_folder("travel"), mode="author") as pilot:
        assert pilot.app.theme == "cuecard-light"


async def test_what_an_agents_code_prints_goes_to_the_log(studio, workspace_folder, caplog):
    with caplog.at_level(logging.INFO):
        async with studio(workspace_folder(), mode="author") as pilot:
            print("a tool talks to itself")
            await pilot.pause()
    assert any("a tool talks to itself" in record.getMessage() for record in caplog.records)


@pytest.mark.parametrize(
    ("editor", "command"),
    [
        ("nvim", ["nvim", "+7", "agent.yaml"]),
        ("/usr/bin/emacs -nw", ["/usr/bin/emacs", "-nw", "+7", "agent.yaml"]),
        ("code --wait", ["code", "--wait", "--goto", "agent.yaml:7"]),
        ("hx", ["hx", "agent.yaml:7"]),
        ("ed", ["ed", "agent.yaml"]),
    ],
)
def test_the_editor_is_told_the_line_in_its_own_way(editor, command):
    assert command_for(editor, Path("agent.yaml"), 7) == command


async def test_without_an_editor_the_place_is_said(studio, workspace_folder):
    async with studio(workspace_folder(), mode="author") as pilot:
        await pilot.press("f9")
        await pilot.pause()
        assert any("set EDITOR" in toast.message for toast in pilot.app._notifications)


async def test_escape_leaves_a_list_of_choices_and_first_its_filter(studio, workspace_folder):
    async with studio(workspace_folder(), mode="author") as pilot:
        chosen: list[str | None] = []
        pilot.app.push_screen(Pick("Which?", [Row("one", Content("one")), Row("two", Content("two"))]), chosen.append)
        await pilot.pause()
        await pilot.press("slash", "w", "enter", "escape")
        assert isinstance(pilot.app.screen, Pick) and chosen == []
        await pilot.press("escape")
        await pilot.pause()
        assert chosen == [None]


async def test_a_zoomed_pane_is_given_back(studio, workspace_folder):
    async with studio(workspace_folder(), mode="author") as pilot:
        await pilot.press("f10")
        assert pilot.app.screen.maximized is not None
        await pilot.press("escape")
        assert pilot.app.screen.maximized is None


async def test_a_save_while_the_studio_is_being_left_is_no_defect(studio, workspace_folder):
    async with studio(workspace_folder(), mode="author") as pilot:
        screen, workspace = pilot.app.mode_screen, pilot.app.workspace
        await screen.query("*").remove()
        await workspace.reload()
        assert not screen.stands
