"""The inspector and the why sheet, driven by keys."""

from __future__ import annotations

from dataclasses import replace

import pytest
import yaml
from textual.widgets import Input

from engine.opening import open_agent
from engine.turn.live_session import LiveSession
from studio.inspector.inspector import PANELS, HeadLine, Inspector, PanelLine
from studio.inspector.reading_rows import ReadingRows
from studio.inspector.why_sheet import WhySheet
from studio.widgets.thing_list import ThingList

from .conftest import settled
from .inspector_turns import AGENT, CODE, START, InspectorApp, inspecting, turns

ARGUING = "a coffee please, this is an outrage, a cake please"


def shown(pilot) -> str:
    rows = pilot.app.screen.query_one(ReadingRows)
    return "\n".join(entry.label.plain for entry in rows.entries)


def sheet(pilot) -> WhySheet:
    assert isinstance(pilot.app.screen, WhySheet)
    return pilot.app.screen


# -- panels -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("key", "panel"), [("1", 0), ("2", 1), ("3", 2), ("4", 3), ("5", 4)])
async def test_a_digit_shows_its_panel(tmp_path, key, panel):
    async with inspecting(*await turns(tmp_path, ARGUING)) as pilot:
        await pilot.press("3" if key != "3" else "1", key)
        assert pilot.app.query_one(Inspector).panel == panel
        assert PANELS[panel].upper() in pilot.app.query_one(PanelLine).render().plain


async def test_brackets_go_round_the_panels(tmp_path):
    async with inspecting(*await turns(tmp_path, ARGUING)) as pilot:
        inspector = pilot.app.query_one(Inspector)
        await pilot.press("left_square_bracket")
        assert inspector.panel == 4
        await pilot.press("right_square_bracket", "right_square_bracket")
        assert inspector.panel == 1


async def test_a_click_on_its_name_shows_a_panel(tmp_path):
    async with inspecting(*await turns(tmp_path, ARGUING)) as pilot:
        line = pilot.app.query_one(PanelLine)
        await pilot.click(PanelLine, offset=(1 + line.render().plain.index("Canned"), 0))
        assert pilot.app.query_one(Inspector).panel == 2


async def test_without_a_turn_it_says_what_to_do(tmp_path):
    _, agent = await turns(tmp_path, "hello")
    async with inspecting(None, agent) as pilot:
        assert "No turn yet" in shown(pilot)
        await pilot.press("w", "slash", "Y", "space", "enter", "2", "j")
        assert isinstance(pilot.app.query_one(Inspector), Inspector) and len(pilot.app.screen_stack) == 1


async def test_a_failed_turn_shows_its_error_in_every_panel(tmp_path):
    trace, agent = await turns(tmp_path, ARGUING)
    failed = replace(trace, status="failed", error="the server is not there; start it", stages=trace.stages[:3])
    async with inspecting(failed, agent) as pilot:
        for key in "12345":
            await pilot.press(key)
            assert "the server is not there" in shown(pilot)
        assert "failed" in pilot.app.query_one(HeadLine).render().plain


@pytest.mark.parametrize("size", [(24, 6), (40, 10), (80, 24), (160, 48)])
async def test_every_panel_can_be_drawn_at_every_size(tmp_path, size):
    async with inspecting(*await turns(tmp_path, ARGUING), size=size) as pilot:
        for key in "12345":
            await pilot.press(key, "end", "home")
            rows = pilot.app.query_one(ReadingRows)
            assert rows.entries and rows.max_scroll_x == 0
            assert all(line.cell_length <= rows.columns for entry in rows.entries for line in entry.lines(rows.columns))


# -- filling while a turn runs ----------------------------------------------------------------------------------------


async def test_it_fills_stage_by_stage_and_keeps_panel_and_cursor(tmp_path):
    (tmp_path / "agent.yaml").write_text(AGENT, "utf-8")
    (tmp_path / "tools.py").write_text(CODE, "utf-8")
    opened = open_agent(tmp_path, trusted=True, start=START)
    live = await LiveSession.open(opened.engine)
    app = InspectorApp()
    seen: list[tuple[str, str]] = []
    async with app.run_test(size=(60, 24)) as pilot:
        inspector = app.query_one(Inspector)
        inspector.focus()

        def on_stage(stage):
            inspector.show(live.traces[-1], opened.engine.agent)
            if stage.stage == "matching":
                assert inspector.rows.select("offer_tea")
            seen.append((stage.stage, shown(pilot)))

        trace = await live.say(ARGUING, on_stage=on_stage)
        inspector.show(trace, opened.engine.agent)
        assert inspector.rows.entry.key == "offer_tea"
        await pilot.press("5", "j", "j", "j")
        key = inspector.rows.entry.key
        inspector.show(trace, opened.engine.agent)
        assert inspector.panel == 4 and inspector.rows.entry.key == key
    by_stage = dict(seen)
    assert "Judging" in by_stage["situation"]
    assert "✓ offer_tea" in by_stage["matching"] and "✗ offer_tea" in by_stage["relationships"]
    assert [name for name, _ in seen] == [stage.stage for stage in trace.stages]
    await opened.engine.clock.close()
    await opened.engine.store.close()


async def test_a_cursor_that_nobody_looks_after_stays_on_top_while_a_turn_runs(tmp_path):
    trace, agent = await turns(tmp_path, ARGUING)
    stages = [stage.stage for stage in trace.stages]
    running = replace(trace, status="running", stages=trace.stages[: stages.index("matching") + 1])
    async with inspecting(running, agent) as pilot:
        inspector = pilot.app.query_one(Inspector)
        pilot.app.set_focus(None)
        await pilot.pause()
        first = inspector.rows.entry.key
        running.stages.extend(trace.stages[len(running.stages) :])
        inspector.show(running, agent)
        assert inspector.rows.entry.key != first and inspector.rows.at_first


async def test_another_turn_begins_at_the_top_in_the_same_panel(tmp_path):
    trace, agent = await turns(tmp_path, ARGUING)
    async with inspecting(trace, agent) as pilot:
        await pilot.press("3", "G")
        inspector = pilot.app.query_one(Inspector)
        inspector.show(replace(trace, id="another"), agent)
        assert inspector.panel == 2 and inspector.rows.entry is inspector.rows.entries[0]


# -- rows -------------------------------------------------------------------------------------------------------------


async def test_the_cursor_moves_over_rows_and_passes_headings(tmp_path):
    async with inspecting(*await turns(tmp_path, ARGUING)) as pilot:
        rows = pilot.app.query_one(ReadingRows)
        await pilot.press("2", "home")
        visited = [rows.entry.key]
        for _ in rows.entries:
            await pilot.press("j")
            visited.append(rows.entry.key)
        assert dict.fromkeys(visited).keys() == {entry.key for entry in rows.entries if not entry.heading}
        await pilot.press("k")
        assert rows.entry.key == [entry.key for entry in rows.entries if not entry.heading][-2]
        await pilot.press("g")
        assert rows.entry.key == visited[0]
        await pilot.press("G")
        assert rows.entry.key == visited[-1]
        await pilot.press("up", "down", "pageup")
        assert rows.entry.key == visited[0]


async def test_a_row_taller_than_the_view_is_scrolled_through(tmp_path):
    trace, agent = await turns(tmp_path, ARGUING)
    draft = next(stage for stage in trace.stages if stage.stage == "draft")
    long = replace(draft, text="one two three four five. " * 80)
    tall = replace(trace, stages=[long if stage is draft else stage for stage in trace.stages])
    async with inspecting(tall, agent, size=(40, 10)) as pilot:
        rows = pilot.app.query_one(ReadingRows)
        await pilot.press("2", "home")
        tops = []
        while rows.entry.key == "draft":
            tops.append(rows.scroll_offset.y)
            await pilot.press("j")
        assert tops == sorted(tops) and len(set(tops)) > 3


async def test_space_unfolds_a_stage_and_folds_it_again(tmp_path):
    async with inspecting(*await turns(tmp_path, ARGUING)) as pilot:
        rows = pilot.app.query_one(ReadingRows)
        await pilot.press("5")
        rows.select("stage relationships")
        before = len(rows.entries)
        await pilot.press("space")
        assert len(rows.entries) > before and rows.entry.key == "stage relationships"
        assert "calm_down excludes offer_tea" in shown(pilot)
        await pilot.press("enter")
        assert len(rows.entries) == before


async def test_y_copies_the_row_and_capital_y_the_turn(tmp_path):
    trace, agent = await turns(tmp_path, ARGUING)
    async with inspecting(trace, agent) as pilot:
        pilot.app.query_one(ReadingRows).select("offer_tea")
        await pilot.press("y")
        assert "offer_tea" in pilot.app.clipboard and "excluded by calm_down" in pilot.app.clipboard
        await pilot.press("Y")
        assert yaml.safe_load(pilot.app.clipboard) == trace.to_json()
        await pilot.press("5", "G", "y")
        assert "closing" in yaml.safe_load(pilot.app.clipboard)


async def test_a_click_puts_the_cursor_on_a_row_and_another_opens_it(tmp_path):
    async with inspecting(*await turns(tmp_path, ARGUING)) as pilot:
        rows = pilot.app.query_one(ReadingRows)
        await pilot.click(ReadingRows, offset=(3, 3))
        assert rows.entry.key == "offer_tea" and len(pilot.app.screen_stack) == 1
        await pilot.click(ReadingRows, offset=(3, 3))
        await pilot.pause()
        assert sheet(pilot).entity == "offer_tea"


# -- why --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["w", "enter"])
async def test_w_and_enter_ask_why_about_the_row(tmp_path, key):
    async with inspecting(*await turns(tmp_path, ARGUING)) as pilot:
        pilot.app.query_one(ReadingRows).select("offer_tea")
        await pilot.press(key)
        await pilot.pause()
        assert sheet(pilot).entity == "offer_tea"
        assert "is excluded by calm_down" in shown(pilot)


async def test_the_chain_of_reasons_is_followed_by_keys_and_back(tmp_path):
    async with inspecting(*await turns(tmp_path, ARGUING)) as pilot:
        pilot.app.query_one(ReadingRows).select("offer_cake")
        await pilot.press("w")
        await pilot.pause()
        for link in ("offer_tea", "calm_down"):
            sheet(pilot).query_one(ReadingRows).select(f"because {link}")
            await pilot.press("enter")
            assert sheet(pilot).entity == link
        await pilot.press("backspace")
        assert sheet(pilot).entity == "offer_tea"
        assert sheet(pilot).query_one(ReadingRows).entry.entity == "calm_down"
        await pilot.press("escape")
        assert sheet(pilot).entity == "offer_cake"
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(pilot.app.focused, ReadingRows) and len(pilot.app.screen_stack) == 1


async def test_w_in_the_sheet_follows_a_link_and_capital_y_copies_the_chain(tmp_path):
    async with inspecting(*await turns(tmp_path, ARGUING)) as pilot:
        pilot.app.query_one(ReadingRows).select("offer_cake")
        await pilot.press("w")
        await pilot.pause()
        await pilot.press("Y")
        assert "because offer_tea is excluded by calm_down" in pilot.app.clipboard
        sheet(pilot).query_one(ReadingRows).select("because offer_tea")
        await pilot.press("w")
        assert sheet(pilot).entity == "offer_tea"


async def test_slash_lists_everything_and_filters_it(tmp_path):
    async with inspecting(*await turns(tmp_path, ARGUING)) as pilot:
        await pilot.press("slash")
        await pilot.pause()
        things = sheet(pilot).query_one(ThingList)
        assert sheet(pilot).listing and "sleeping" in things.keys and "book_table.ask_day" in things.keys
        assert things.keys.index("calm_down") < things.keys.index("offer_tea") < things.keys.index("sleeping")
        await pilot.press("slash", *"excluded")
        await pilot.pause()
        assert things.keys == ("offer_tea",) and isinstance(pilot.app.focused, Input)
        await pilot.press("enter", "enter")
        await pilot.pause()
        assert sheet(pilot).entity == "offer_tea"
        await pilot.press("backspace")
        await pilot.pause()
        assert sheet(pilot).listing


async def test_escape_leaves_the_filter_then_the_sheet(tmp_path):
    async with inspecting(*await turns(tmp_path, ARGUING)) as pilot:
        await pilot.press("slash")
        await pilot.pause()
        await pilot.press("slash", "x")
        await pilot.press("escape")
        await pilot.pause()
        assert sheet(pilot).listing and not sheet(pilot).query_one(ThingList).filtered
        await pilot.press("escape")
        await pilot.pause()
        assert len(pilot.app.screen_stack) == 1


async def test_slash_in_the_sheet_lists_all_and_escape_comes_back(tmp_path):
    async with inspecting(*await turns(tmp_path, ARGUING)) as pilot:
        pilot.app.query_one(ReadingRows).select("offer_tea")
        await pilot.press("w")
        await pilot.pause()
        await pilot.press("slash")
        await pilot.pause()
        assert sheet(pilot).listing and sheet(pilot).query_one(ThingList).key == "offer_tea"
        await pilot.press("escape")
        await pilot.pause()
        assert sheet(pilot).entity == "offer_tea"


@pytest.mark.parametrize("key", ["a", "enter"])
async def test_the_sheet_leads_to_author(studio, workspace_folder, key):
    async with studio(workspace_folder(), mode="map") as pilot:
        workspace = pilot.app.workspace
        live = await LiveSession.open(workspace.engine)
        trace = await live.say("A coke please")
        await pilot.app.push_screen(WhySheet(trace, workspace.snapshot.agent, "offer_pepsi"))
        await pilot.pause()
        await pilot.press(key)
        await settled(pilot)
        assert pilot.app.current_mode == "author" and pilot.app.mode_screen.thing == "offer_pepsi"
        await pilot.press("alt+left")
        await settled(pilot)
        assert pilot.app.current_mode == "map" and len(pilot.app.screen_stack) == 1


@pytest.mark.parametrize("size", [(40, 10), (80, 24), (160, 48)])
async def test_the_sheet_can_be_drawn_at_every_size(tmp_path, size):
    async with inspecting(*await turns(tmp_path, ARGUING), size=size) as pilot:
        await pilot.press("w")
        await pilot.pause()
        rows = sheet(pilot).query_one(ReadingRows)
        assert rows.size.height >= 3 and rows.max_scroll_x == 0
        await pilot.resize_terminal(60, 20)
        await pilot.pause()
        assert sheet(pilot).entity


async def test_another_width_lays_the_panel_out_anew(tmp_path):
    async with inspecting(*await turns(tmp_path, "a coffee please"), size=(40, 20)) as pilot:
        await pilot.press("2")
        rows = pilot.app.query_one(ReadingRows)
        assert "│" not in shown(pilot)
        await pilot.resize_terminal(90, 20)
        await pilot.pause()
        assert "│" in shown(pilot) and rows.entry.key == "draft"
        pilot.app.query_one(Inspector).display = False
        await pilot.pause()
        await pilot.resize_terminal(40, 20)
        pilot.app.query_one(Inspector).display = True
        await pilot.pause()
        assert "│" not in shown(pilot)
