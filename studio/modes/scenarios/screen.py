"""Scenarios: run conversations again, and see where they went another way, and why."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.widget import Widget

from engine.reasoner.base import ReasonerError
from engine.scenario.factory import ReplayFactory
from engine.scenario.model import Case
from engine.scenario.report import failure_text
from engine.scenario.transcript import shortened
from engine.turn.trace import TurnTrace
from studio.inspector.inspector import Inspector
from studio.inspector.why_sheet import WhySheet
from studio.keys import bindings
from studio.modes.mode_screen import ModeScreen
from studio.modes.scenarios.bench import Bench, Progress, digests_of, open_at
from studio.modes.scenarios.case_view import CaseView, Transcript
from studio.modes.scenarios.changes import told_changes
from studio.modes.scenarios.pages import Page, case_page, group_page, guide_page, problems_page, yaml_page
from studio.modes.scenarios.rows import FILE, ORDER, SCENARIO
from studio.modes.scenarios.run_line import RunLine
from studio.modes.scenarios.scenario_list import ScenarioList
from studio.modes.scenarios.verdicts import MARKS
from studio.modes.simulate.screen import SimulateScreen
from studio.widgets.frame_lines import studio_of
from studio.widgets.split import Split
from studio.widgets.thing_list import ThingList
from studio.workspace import Snapshot, Workspace

FIRST_FILE = "first.scenario.yaml"
"""The file that F9 begins where there are no scenarios."""

DRAWN_EVERY = 0.1
"""Seconds between two drawings while cases are played."""


class ScenariosScreen(ModeScreen):
    """The mode Scenarios.

    Attributes:
        bench: The scenarios of the open workspace.
        watching: Whether what is saved is run again.
    """

    MODE = "scenarios"
    BINDINGS = [
        *bindings("run_one", "run_all", "run_failed", "watch", "why", "again"),
        *bindings("next_failure", "stop", "simulate_here", "view", "copy", "fold"),
    ]

    def __init__(self) -> None:
        """Know no workspace yet."""
        super().__init__()
        self.bench: Bench | None = None
        self.watching = True
        self._of: Workspace | None = None
        self._saved: set[Path] = set()
        self._wanted = ""
        self._as_yaml = False
        self._drawing = False
        self.run_line = RunLine()
        self.list = ScenarioList()
        self.view = CaseView()
        self.inspector = Inspector()
        self._beside = Split("scenarios-why", self.view, self.inspector, percent=55)
        self._why_hidden = False

    def compose_body(self) -> ComposeResult:
        """The run, the list, the case, and at wide sizes why its turn went as it did."""
        yield self.run_line
        yield Split("scenarios", self.list, self._beside, percent=45)

    def default_focus(self) -> Widget | None:
        """The list."""
        return self.list.rows

    # -- following the workspace --------------------------------------------------------------------------------

    def workspace_changed(self, snapshot: Snapshot) -> None:
        """Read the scenario files against the agent as it is now."""
        if self.workspace is not self._of:
            self.workers.cancel_group(self, "run")
            self._of = self.workspace
            self.bench = Bench(snapshot.folder)
            self._saved.clear()
            self.list.take(self.bench)
        self._read_again()

    def files_changed(self, files: frozenset[Path]) -> None:
        """Read anew what was saved, and while watching run it again."""
        self._saved |= files
        self._read_again()

    def _read_again(self) -> None:
        self._begin("read", self._read)

    def _begin(self, name: str, work: Callable[[], Any]) -> None:
        """Do something beside the screen, in place of what goes by the same name."""
        self.run_worker(work, name=name, group=name, exclusive=True)

    async def _read(self) -> None:
        bench, workspace = self.bench, self._of
        if bench is None or workspace is None:
            return
        saved = frozenset(self._saved)
        if workspace.snapshot.agent is not None:
            await bench.read(workspace.snapshot.agent)
        digests = await asyncio.to_thread(digests_of, saved)
        await self.list.composed.wait()
        await self.view.composed.wait()
        self.list.set_empty("No scenarios yet")
        self._draw()
        if self._wanted and self.list.go_to(self._wanted):
            self._wanted = ""
        if not workspace.snapshot.broken:
            self._saved -= saved
            self._run_what_changed(bench, bench.note(digests))

    def _run_what_changed(self, bench: Bench, changed: frozenset[Path]) -> None:
        concerned = bench.concerned(changed) if self.watching else ()
        if concerned:
            waiting = bench.progress.waiting if bench.progress is not None else ()
            self._run((*concerned, *waiting))

    def show(self, thing: str) -> None:
        """Go to a case by its id, or to a file or scenario by its name; as soon as the files are read."""
        if not self.list.go_to(thing):
            self._wanted = thing

    # -- drawing ------------------------------------------------------------------------------------------------

    def _draw(self) -> None:
        """Bring everything up to date."""
        self._drawing = False
        if self.bench is not None and all(each.is_attached for each in (self.run_line, self.list, self.view)):
            self.list.draw()
            self.run_line.show(self.list.listing, self.bench.progress, self.bench.seconds)
            self.view.show(self._page)
            self.say_where()

    def _draw_soon(self) -> None:
        """The same, but not for every one of many results."""
        if not self._drawing:
            self._drawing = True
            self.set_timer(DRAWN_EVERY, self._draw, name="draw")

    @property
    def _page(self) -> Page:
        assert self.bench is not None and self._of is not None
        bench, key, file = self.bench, self.list.key or "", self.list.file
        if file is None:
            return guide_page(self._of.snapshot.agent is None)
        if file.problems:
            return problems_page(key, file)
        if self.list.case is None:
            return group_page(key, key.rpartition(":")[2], self.list.cases, bench.verdicts)
        name, case = self.list.case
        known = bench.verdicts.get(name)
        if self._as_yaml:
            return yaml_page(key, case, known)
        waiting = bench.progress is not None and name in bench.progress.waiting
        return case_page(key, case, known, file.stamp, waiting)

    @property
    def reasoner(self) -> None:
        """Nobody for all of them: each case says who thinks in it."""
        return None

    def states(self) -> tuple[tuple[str, str], ...]:
        """The verdicts counted, and whether files are watched."""
        if self.bench is None:
            return ()
        counts = self.bench.verdicts.counts(self.bench.catalogue.cases)
        said = [(f"{MARKS[each][0]} {counts[each]}", MARKS[each][1]) for each in ORDER if counts.get(each)]
        return (*said, *([("◉ watching", "$accent")] if self.watching else []))

    # -- the cursor ---------------------------------------------------------------------------------------------

    @on(ThingList.Highlighted)
    def _row_highlighted(self, event: ThingList.Highlighted) -> None:
        event.stop()
        file = self.list.file
        of_file = file is not None and (file.problems or event.key.startswith(FILE))
        self.thing = file.name if file is not None and of_file else event.key.rpartition(":")[2]
        self.view.show(self._page)

    @on(ThingList.Chosen)
    def _row_chosen(self, event: ThingList.Chosen) -> None:
        event.stop()
        case, file = self.list.case, self.list.file
        if event.key.startswith((FILE, SCENARIO)) and file is not None and not file.problems:
            self.list.fold()
            return
        if self.bench is not None and case is not None and case[0] not in self.bench.verdicts:
            self.action_run_one()
        self.query_one(Split).aside = True
        self.view.transcript.focus()

    @on(Transcript.Left)
    def _left_transcript(self) -> None:
        if self.maximized is not None:
            self.minimize()
        self.query_one(Split).aside = False
        self.list.focus()

    @on(CaseView.Opened)
    async def _block_opened(self) -> None:
        block = self.view.block
        if self.list.case is not None:
            await self.action_simulate_here()
        elif block is not None and self.list.go_to(block.text):
            self._left_transcript()

    @on(CaseView.Moved)
    def _block_moved(self) -> None:
        agent = self._of.snapshot.agent if self._of is not None else None
        if agent is not None and self.has_class("-wide"):
            self.inspector.show(self._trace, agent)

    @property
    def _trace(self) -> TurnTrace | None:
        """The turn under the transcript's cursor."""
        case = self.list.case
        known = self.bench.verdicts.get(case[0]) if self.bench is not None and case is not None else None
        traces = known.result.traces if known is not None else ()
        turn = self.view.turn
        return traces[turn - 1] if 0 < turn <= len(traces) else None

    def place(self) -> tuple[Path, int]:
        """The failing check or step under the cursor; the first thing wrong in the file; the case."""
        file, block, problem = self.list.file, self.view.block, self.list.problem
        if file is None:
            return (self._of.folder / FIRST_FILE, 1) if self._of is not None else super().place()
        if problem is not None:
            return Path(problem.file), problem.line
        if block is not None and block.place is not None and (block.failed or self.view.transcript.has_focus):
            return Path(block.place.file), block.place.line
        if file.problems:
            return Path(file.problems[0].file), file.problems[0].line
        case = next(iter(self.list.cases.values()))
        return file.path, 1 if (self.list.key or "").startswith(FILE) else case.place.line

    # -- running ------------------------------------------------------------------------------------------------

    def _run(self, keys: Iterable[str]) -> None:
        """Run cases; a run under way is stopped first."""
        workspace = self._of
        if self.bench is None or workspace is None or workspace.engine is None:
            return
        wanted = tuple(dict.fromkeys(keys))
        if not wanted:
            return
        when = workspace.engine.clock.now()
        snapshot = workspace.snapshot
        assert snapshot.agent is not None
        factory = ReplayFactory(snapshot.agent, snapshot.folder, snapshot.trusted)
        self._begin("run", partial(self._play, self.bench, wanted, factory, when))

    async def _play(self, bench: Bench, keys: tuple[str, ...], factory: ReplayFactory, when: datetime) -> None:
        self._draw_soon()
        try:
            progress = await bench.play(keys, factory, when, self._draw_soon)
        except asyncio.CancelledError:
            self._draw_soon()
            raise
        self._tell(progress)

    def _tell(self, progress: Progress) -> None:
        """Say whose verdict has changed."""
        assert self.bench is not None
        self._draw()
        said = told_changes(progress)
        if said is not None:
            self.notify(said.text, title=said.title, severity=said.severity, timeout=5, markup=False)

    def action_run_one(self) -> None:
        """Run the case, scenario or file under the cursor."""
        self._run(self.list.cases)

    def action_run_all(self) -> None:
        """Run every case."""
        if self.bench is not None:
            self._run(self.bench.catalogue.cases)

    def action_run_failed(self) -> None:
        """Run what did not pass."""
        if self.bench is not None:
            failed = self.bench.failed()
            self._run(failed)
            if not failed:
                self.notify("nothing that ran has failed", timeout=3)

    def action_again(self) -> None:
        """Run what ran last."""
        if self.bench is not None:
            if not self.bench.last:
                self.notify("nothing has run yet: a runs all cases", timeout=3)
            self._run(self.bench.last)

    def action_stop(self) -> None:
        """Stop the run."""
        if self.bench is not None and self.bench.progress is not None:
            left = len(self.bench.progress.waiting)
            self.workers.cancel_group(self, "run")
            self.notify(f"stopped; {left} not run", timeout=3)

    def action_watch(self) -> None:
        """Watch files, or stop watching."""
        self.watching = not self.watching
        self.say_where()
        self.notify("what you save is run again" if self.watching else "files are no longer watched", timeout=3)

    # -- other keys ---------------------------------------------------------------------------------------------

    def action_next_failure(self) -> None:
        """Go to the next row that did not pass or cannot be read."""
        if not self.list.go_to_next_in_need():
            self.notify("nothing that ran has failed", timeout=3)

    def action_fold(self) -> None:
        """Fold or unfold a file or a scenario."""
        self.list.fold()

    def action_switch_view(self) -> None:
        """Show what the file says instead of the transcript, or the transcript again."""
        self._as_yaml = not self._as_yaml
        self.view.show(self._page)

    def action_copy(self) -> None:
        """Copy the block under the cursor; from the list, the whole case or file."""
        case, block = self.list.case, self.view.block
        known = self.bench.verdicts.get(case[0]) if self.bench is not None and case is not None else None
        if self.view.transcript.has_focus and block is not None:
            text = block.text
        elif known is not None:
            text = failure_text(known.result)
        else:
            text = "\n".join(each.text for each in self.view.page.blocks)
        self.app.copy_to_clipboard(text)
        self.notify(f"copied: {shortened(text, 60)}", timeout=3, markup=False)

    def action_why(self) -> None:
        """Tell why the turn under the cursor went as it did."""
        trace = self._trace
        if trace is not None and self._of is not None and self._of.snapshot.agent is not None:
            self.app.push_screen(WhySheet(trace, self._of.snapshot.agent))
        else:
            self.notify("no turn here that ran: x runs the case, then w on one of its turns tells why", timeout=4)

    async def action_simulate_here(self) -> None:
        """Go on from the turn under the cursor in Simulate."""
        if self.list.case is not None:
            self._begin("open", partial(self._open_in_simulate, *self.list.case))

    async def _open_in_simulate(self, key: str, case: Case) -> None:
        workspace = self._of
        if workspace is None or workspace.engine is None:
            return
        turn = self.view.turn if not self._as_yaml else len(case.steps)
        try:
            opened = await open_at(case, turn, workspace.folder, workspace.snapshot.trusted, workspace.engine.agent)
        except (ReasonerError, OSError, ValueError, LookupError) as error:
            self.notify(str(error), title="This case cannot be opened", severity="error", markup=False)
            return
        screen = await studio_of(self).go("simulate")
        assert isinstance(screen, SimulateScreen)
        await screen.take(opened.live, f"{key} · turn {turn}")

    def action_toggle_side(self) -> None:
        """Hide or show why (at wide sizes), or the case."""
        if self.has_class("-wide"):
            self._why_hidden = not self._why_hidden
            self._fit()
            return
        split = self.query_one(Split)
        if not split.toggle_second() and self.focused is not None and split.second in self.focused.ancestors:
            self.list.focus()

    def on_resize(self) -> None:
        """Show why a turn went as it did where there is room for it."""
        self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        self._beside.alone = self._why_hidden or not self.has_class("-wide")
