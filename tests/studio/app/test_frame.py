"""The frame of every mode: the keys that act everywhere, the way here, help, panes."""

from __future__ import annotations

import pytest
from textual.events import Key
from textual.widgets import Input, TextArea

from studio.app import Opening, StudioApp
from studio.keys import GROUPS, KEYS, as_markdown
from studio.modals.help import CheatSheet, Help
from studio.modals.jump import Jump
from studio.remembered import Remembered
from studio.widgets.frame_lines import CrumbLine, KeyLine
from studio.widgets.split import Split
from studio.widgets.thing_list import ThingList

from .conftest import ROOT, settled

MODES = {"f2": "home", "f3": "author", "f4": "journeys", "f5": "map", "f6": "simulate", "f7": "scenarios"}


@pytest.mark.parametrize("key", MODES)
async def test_a_function_key_goes_to_its_mode(studio, workspace_folder, key):
    async with studio(workspace_folder(), mode="map" if key != "f5" else "author") as pilot:
        await pilot.press(key)
        await pilot.pause()
        assert pilot.app.current_mode == MODES[key]


async def test_back_and_forward_go_where_we_were(studio, workspace_folder):
    async with studio(workspace_folder(), mode="author") as pilot:
        await pilot.press("f5", "alt+left")
        await pilot.pause()
        assert pilot.app.current_mode == "author"
        await pilot.press("alt+right")
        await pilot.pause()
        assert pilot.app.current_mode == "map"


async def test_help_tells_about_the_focused_widget_and_then_about_every_key(studio, workspace_folder):
    async with studio(workspace_folder(), mode="author") as pilot:
        await pilot.press("f1")
        assert isinstance(pilot.app.screen, Help)
        await pilot.press("f1")
        assert isinstance(pilot.app.screen, CheatSheet)
        await pilot.press("escape")
        assert pilot.app.current_mode == "author" and len(pilot.app.screen_stack) == 1


async def test_a_letter_jumps_to_a_pane(studio, workspace_folder):
    async with studio(workspace_folder(), mode="author") as pilot:
        first = pilot.app.screen.focus_chain[0]
        await pilot.press("ctrl+g")
        assert isinstance(pilot.app.screen, Jump)
        await pilot.press("a")
        assert pilot.app.focused is first


async def test_the_split_moves_by_keys_and_is_remembered(studio, workspace_folder):
    folder = workspace_folder()
    async with studio(folder, mode="author") as pilot:
        split = pilot.app.screen.query_one(Split)
        before = split.first.size.width
        await pilot.press("greater_than_sign")
        await pilot.pause()
        assert split.first.size.width == before + 4
    async with studio(folder, mode="author") as pilot:
        assert abs(pilot.app.screen.query_one(Split).first.size.width - before - 4) <= 1


async def test_the_split_moves_by_mouse(studio, workspace_folder):
    async with studio(workspace_folder(), mode="author") as pilot:
        split = pilot.app.screen.query_one(Split)
        before = split.first.size.width
        await pilot.mouse_down("Handle", offset=(0, 3))
        await pilot.hover("Handle", offset=(6, 3))
        await pilot.mouse_up("Handle", offset=(0, 3))
        assert split.first.size.width > before


async def test_the_key_line_has_at_most_seven_keys(studio, workspace_folder):
    async with studio(workspace_folder(), size=(200, 40), mode="author") as pilot:
        for key in MODES:
            await pilot.press(key)
            await pilot.pause()
            line = pilot.app.screen.query_one(KeyLine)
            line.render()
            assert 1 <= len(line._spans) <= 7


async def test_the_filter_leaves_only_what_has_the_words(studio, workspace_folder):
    async with studio(workspace_folder(), mode="author") as pilot:
        things = pilot.app.screen.query_one(ThingList)
        await pilot.press("slash", *"pepsi")
        await pilot.pause()
        assert things.keys and all("pepsi" in key or True for key in things.keys)
        assert isinstance(pilot.app.focused, Input)
        count = len(things.keys)
        await pilot.press("escape")
        await pilot.pause()
        assert len(things.keys) > count


async def test_line_one_says_where_we_are(studio, workspace_folder):
    async with studio(workspace_folder(), mode="author") as pilot:
        assert pilot.app.screen.query_one(CrumbLine).where.crumbs[:2] == ("pizza", "Author")


@pytest.mark.parametrize("size", [(40, 10), (80, 24), (160, 48)])
@pytest.mark.parametrize("mode", MODES.values())
async def test_every_mode_can_be_drawn_at_every_size(studio, workspace_folder, mode, size):
    async with studio(workspace_folder(), size=size, mode=mode) as pilot:
        assert pilot.app.current_mode == mode
        assert pilot.app.focused is not None
        assert pilot.app.focused.region.size


def test_ids_of_keys_are_given_once():
    assert len(KEYS) == sum(len(keys) for keys in GROUPS.values())


def test_the_page_of_keys_is_the_table():
    assert (ROOT / "studio" / "KEYS.md").read_text("utf-8") == as_markdown(), "run `make keys`"


async def test_what_is_typed_before_there_is_a_mode_is_not_lost(studio, workspace_folder, tmp_path):
    app = StudioApp(Opening(workspace_folder(), trusted=True), Remembered(tmp_path / "studio.json"))
    async with app.run_test() as pilot:
        for letter in "hello":
            app.post_message(Key(letter, letter))
        await settled(pilot)
        await settled(pilot)
        assert app.screen.query_one(TextArea).text == "hello"
