"""The text of an agent file together with the agent that it says: edits change both at once."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.agent.document import AgentDocument
from engine.agent.edits import AddThing, Compound, Edit, Move, RemoveThing, apply
from engine.agent.errors import AgentFileError
from engine.agent.model import Agent
from engine.agent.places import SECTIONS, EditError, position_of, things_in
from engine.agent.reading.composing import compose
from engine.agent.writing.forms import keys_of
from engine.agent.writing.outline import Lines, Outline, key_starts, thing_starts
from engine.agent.writing.page import Layout, Page, UnspliceableError
from engine.agent.writing.splice import WHOLE, FieldsWrite, KeyWrite, Scope, Write, writes_of, written
from engine.agent.writing.text import UnwritableError


class SpliceError(ValueError):
    """An edit cannot be written into the file; the message says in one line why."""


@dataclass(frozen=True)
class AgentText:
    """An agent and the text of its file.

    It keeps an outline of the text, so that a small edit of a large file reads only the lines around it.

    Attributes:
        text: The text of the agent file.
        agent: What it says.
    """

    text: str
    agent: Agent
    outline: Outline | None = field(default=None, repr=False, compare=False)

    @classmethod
    def of(cls, document: AgentDocument) -> AgentText:
        """The text and agent of a document that was read."""
        return cls(
            document.text, document.agent, Outline.of(Page(document.text, Layout.of(document.text), document.root))
        )

    def apply(self, edit: Edit) -> AgentText:
        """The text and agent as an edit makes them; everything outside the touched entries stays as it was.

        Args:
            edit: The edit.

        Raises:
            EditError: When the edit does not fit the agent.
            SpliceError: When the text cannot say it.
        """
        if isinstance(edit, Compound):
            changed = self
            for step in edit.edits:
                changed = changed.apply(step)
            return changed
        after = apply(self.agent, edit)
        current = self
        try:
            for write in writes_of(self.agent, after, edit):
                current = current._written(after, write)
        except UnwritableError as error:
            raise SpliceError(f"this cannot be written to the agent file: {error}") from error
        except (UnspliceableError, AgentFileError) as error:
            said = str(error).splitlines()[0]
            raise SpliceError(f"the agent file cannot be changed in this place ({said}); change it by hand") from error
        return AgentText(current.text, after, current.outline)

    def _written(self, after: Agent, write: Write) -> AgentText:
        layout = Layout.of(self.text)
        outline = self.outline or Outline.of(Page(self.text, layout))
        try:
            found = self._written_nearby(outline, layout, after, write) if outline is not None else None
        except (UnspliceableError, AgentFileError):  # lines that mean something only together with others
            found = None
        return found or AgentText(written(self.text, layout, WHOLE, self.agent, after, write), self.agent)

    def _written_nearby(self, outline: Outline, layout: Layout, after: Agent, write: Write) -> AgentText | None:
        """The text with something written into a few of its lines; None when that needs all of them."""
        key = self._new_or_own_key(write)
        if key:
            return self._written_at_key(outline, layout, after, write, key)
        around = _things_around(self.agent, after, write)
        lines = outline.thing_lines(*around) if around is not None else None
        if around is None or lines is None:
            return None
        section, first, last = around
        part = self._part(lines)
        fresh = written(part, Layout.of(part, layout), Scope(section, first), self.agent, after, write)
        starts = _starts(fresh, layout)
        return self._with(lines, fresh, outline.changed(lines, len(fresh), section, first, last, starts))

    def _new_or_own_key(self, write: Write) -> str:
        """The top-level key that something to be written needs: one of the agent's own fields, or a new section."""
        if isinstance(write, FieldsWrite) and not write.place and len(write.fields) == 1:
            return next(iter(write.fields))
        if isinstance(write, AddThing) and write.section in SECTIONS and not things_in(self.agent, write.section):
            return write.section
        return ""

    def _written_at_key(
        self, outline: Outline, layout: Layout, after: Agent, write: Write, key: str
    ) -> AgentText | None:
        """The text with something written at a top-level key, or after the key that usually stands before it.

        None when that is a section, whose lines may be many.
        """
        order = keys_of(Agent)
        present = [other for other in order[: order.index(key) + 1] if other in outline.keys]
        lines = outline.key_lines(present[-1]) if present and present[-1] not in SECTIONS else None
        if lines is None:
            return None
        fresh = written(self._part(lines), layout, WHOLE, self.agent, after, write)
        root = compose(fresh, "agent.yaml")
        starts = key_starts(Page(fresh, layout, root)) if root is not None else {}
        return self._with(lines, fresh, outline.changed_key(lines, len(fresh), present[-1], starts))

    def _part(self, lines: Lines) -> str:
        return self.text[lines.start : lines.end]

    def _with(self, lines: Lines, fresh: str, outline: Outline) -> AgentText:
        return AgentText(self.text[: lines.start] + fresh + self.text[lines.end :], self.agent, outline)


def _starts(text: str, layout: Layout) -> tuple[int, ...]:
    """Where the things in some lines of a section begin."""
    root = compose(text, "agent.yaml")
    return () if root is None else thing_starts(Page(text, layout, root), root)


def splice(text: str, agent: Agent, edit: Edit) -> str:
    """Write an edit into the text of an agent file.

    Args:
        text: The file's text, which must say what `agent` is.
        agent: The agent before the edit.
        edit: The edit.

    Returns:
        The text that says what `apply(agent, edit)` is; everything outside the touched entries stays as it was.

    Raises:
        EditError: When the edit does not fit the agent.
        SpliceError: When the text cannot say it.
    """
    return AgentText(text, agent).apply(edit).text


def _things_around(before: Agent, after: Agent, write: Write) -> tuple[str, int, int] | None:
    """The section and the positions of the first and last of the things whose lines a write needs; None: all lines."""
    place = write.place if not isinstance(write, AddThing | RemoveThing | Move | KeyWrite) else write.section
    section, *inside = place.split(".")
    if not section:
        return None
    if isinstance(write, KeyWrite) and not inside:
        return _single(section, before, write.old)
    if inside:
        return _single(section, after, inside[0]) or _single(section, before, inside[0])
    count = len(things_in(before, section))
    if isinstance(write, Move):
        return section, min(write.start, write.end), max(write.start, write.end)
    if isinstance(write, AddThing):
        first = max(0, min(write.position - 1, count - 2))  # with two neighbours, to see whether blank lines part them
        return (section, first, min(first + 1, count - 1)) if count else None
    assert isinstance(write, RemoveThing)
    return (section, max(write.position - 1, 0), write.position) if count > 1 else None


def _single(section: str, agent: Agent, key: str) -> tuple[str, int, int] | None:
    try:
        _, position = position_of(agent, f"{section}.{key}")
    except EditError:
        return None
    return section, position, position
