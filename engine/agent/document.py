"""Reading the agent file: from text to an `Agent` whose every part knows its place in the text.

Nothing here looks across the file: `engine.agent.loading` reads and checks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from stat import S_ISREG
from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from engine.agent.errors import AgentFileError, Fix, Problem, in_order
from engine.agent.model import Agent, Tool
from engine.agent.reading.composing import compose
from engine.agent.reading.nodes import is_empty, problem_at, without_collecting
from engine.agent.reading.records import Record, read_record
from engine.agent.reading.sections import GUIDELINES, MODE, OBSERVATIONS, RESPONSES
from engine.agent.reading.sections_journeys import JOURNEYS
from engine.agent.reading.sections_relationships import RELATIONSHIPS
from engine.agent.reading.sections_small import CAPABILITIES, CUSTOMERS, FOLLOW_UPS, NO_MATCH, PREAMBLES, TERMS
from engine.agent.reading.sections_tools import TOOLS, VARIABLES
from engine.agent.reading.signature import SignatureFault, Signatures
from engine.agent.reading.values import DATA, TEXT, TEXTS, WORDS, Reading

AGENT_FILE = "agent.yaml"

AGENT = Record(
    "the agent",
    {
        "name": WORDS,
        "description": TEXT,
        "composition_mode": MODE,
        "preambles": PREAMBLES,
        "no_match": NO_MATCH,
        "tags": TEXTS,
        "metadata": DATA,
        "glossary": TERMS,
        "capabilities": CAPABILITIES,
        "variables": VARIABLES,
        "customers": CUSTOMERS,
        "tools": TOOLS,
        "observations": OBSERVATIONS,
        "guidelines": GUIDELINES,
        "relationships": RELATIONSHIPS,
        "canned_responses": RESPONSES,
        "follow_ups": FOLLOW_UPS,
        "journeys": JOURNEYS,
    },
    required=("name",),
    hints={"no name": "Begin the file with `name: ` and what the agent is called"},
)

_ALMOST_A_KEY = re.compile(r"(\w+)[ ]*[:：=][ ]*([^\r\n]{1,60})")

Path_ = Sequence[str | int]
Entries = dict[int, dict[str, tuple[Node, Node]]]
"""The entries of the mappings that were looked into, by the identity of the mapping."""


@dataclass(frozen=True)
class AgentDocument:
    """An agent together with the file it was read from.

    Attributes:
        agent: What the file says.
        text: The whole file.
        file: The file's name for people.
        root: The file as nodes with marks.
        folder: Where the file lies; None for a text that lies nowhere.
        warnings: What is doubtful or wrong and yet no reason not to use the agent.
    """

    agent: Agent
    text: str
    file: str
    root: MappingNode = field(repr=False, compare=False)
    folder: Path | None = None
    warnings: tuple[Problem, ...] = ()
    _entries: Entries = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def path(self) -> Path | None:
        """The agent file, where it is a file."""
        return self.folder / Path(self.file).name if self.folder is not None else None

    def node(self, *path: str | int) -> Node:
        """Find the node at a path of keys and positions, e.g. `("guidelines", "upsell", "tools", 0)`.

        Args:
            *path: Keys of mappings and positions in lists, from the root.

        Returns:
            The node; where the path leaves what is written (a short form, say), the last node on the way.
        """
        return self._follow(path)[1]

    def key_node(self, *path: str | int) -> Node:
        """Find the key of the entry at a path, or the item where the path ends in a list."""
        return self._follow(path)[0]

    def _follow(self, path: Path_) -> tuple[Node, Node]:
        key: Node = self.root
        node: Node = self.root
        for step in path:
            found = self._child(node, step)
            if found is None:
                break
            key, node = found
        return key, node

    def _child(self, node: Node, step: str | int) -> tuple[Node, Node] | None:
        if isinstance(node, MappingNode) and isinstance(step, str):
            known = self._entries.get(id(node))
            if known is None:
                known = {key.value: (key, value) for key, value in reversed(node.value)}
                self._entries[id(node)] = known
            return known.get(step)
        if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
            return node.value[step], node.value[step]
        return None

    def problem(
        self,
        id: str,  # noqa: A002
        path: Path_,
        message: str,
        remedy: str = "",
        *,
        within: str = "",
        put: str | None = None,  # noqa: A002
    ) -> Problem:
        """Make an error about what stands at a path.

        Args:
            id: The kind of problem.
            path: Where, as for `node`; an entry's key is pointed at unless it is a scalar's value.
            message: What is wrong.
            remedy: What to do.
            within: A piece of the node's source to point at instead of its beginning.
            put: What the fix writes in place of `within`, or of the whole scalar.
        """
        start, end = self.span(path, within)
        fix = Fix(start, end, put) if put is not None else None
        return problem_at(self.text, start, self.file, id, message, remedy, fix=fix)

    def warning(self, id: str, path: Path_, message: str, remedy: str = "", **more: Any) -> Problem:  # noqa: A002
        """Make a warning about what stands at a path; arguments as for `problem`."""
        return replace(self.problem(id, path, message, remedy, **more), severity="warning")

    def span(self, path: Path_, within: str = "") -> tuple[int, int]:
        """Where what stands at a path begins and ends in the text.

        A scalar is itself; a mapping or list is pointed at by its key.

        Args:
            path: Where, as for `node`.
            within: A piece of the node's source to find instead.
        """
        key, node = self._follow(path)
        start, end = node.start_mark.index, node.end_mark.index
        if within:
            whole = re.compile(rf"(?<![\w.:]){re.escape(within)}(?![\w.])").search(self.text, start, end)
            found = whole.start() if whole else self.text.find(within, start, end)
            if found >= 0:
                return found, found + len(within)
        shown = node if isinstance(node, ScalarNode) else key
        return shown.start_mark.index, shown.end_mark.index


@without_collecting()
def read_agent(text: str, file: str = AGENT_FILE, folder: Path | None = None) -> AgentDocument:
    """Read the text of an agent file, without the checks that look across it.

    Args:
        text: The file's text.
        file: Its name for people.
        folder: Where `tools.py` lies, for the signatures of functions (they are read, not run).

    Returns:
        The document; its warnings are those that reading alone finds.

    Raises:
        AgentFileError: With the first syntax error, or all that is wrong.
    """
    document, problems = read_parts(text, file, folder)
    if any(problem.severity == "error" for problem in problems):
        raise AgentFileError(in_order(problems))
    assert document is not None
    return document


def read_file(file: Path) -> str:
    """Read a text file as UTF-8, line ends as they are.

    Raises:
        AgentFileError: With one line that says why not.
    """
    try:
        if not S_ISREG(file.stat().st_mode):
            said = "this is a folder, not a file" if file.is_dir() else "this is no file that can be read"
            raise AgentFileError([Problem("unreadable-file", str(file), 1, 1, said, "Put a text file in its place")])
        return file.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        before = error.object[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        said = f"this is not UTF-8: the byte 0x{error.object[error.start]:02x} cannot be read"
        raise AgentFileError([Problem("not-utf8", str(file), line, column, said, "Save the file as UTF-8")]) from error
    except OSError as error:
        said = "there is no such file" if isinstance(error, FileNotFoundError) else error.strerror or str(error)
        remedy = "Name a folder with an agent.yaml, or make one with `cuecard new`" if file.name == AGENT_FILE else ""
        raise AgentFileError([Problem("unreadable-file", str(file), 1, 1, said, remedy)]) from error


def read_parts(text: str, file: str, folder: Path | None = None) -> tuple[AgentDocument | None, list[Problem]]:
    """Read as much of an agent file as can be read, without the checks that look across it.

    Args:
        text: The file's text.
        file: Its name for people.
        folder: Where `tools.py` lies, for the signatures of functions (they are read, not run).

    Returns:
        The document, and everything that reading found; no document where a check across the file would only repeat
        what is known.

    Raises:
        AgentFileError: With the first syntax error, or when the text is no mapping.
    """
    root = compose(text, file)
    if not isinstance(root, MappingNode):
        raise AgentFileError([_not_an_agent(text, file, root)])
    reading = Reading(text, file)
    values = read_record(reading, root, AGENT)
    assert isinstance(values, dict)
    unknown = any(key.value not in AGENT.shapes for key, _ in root.value)
    if unknown or not reading.complete:
        return None, reading.problems
    if folder is not None and "tools" in values:
        values["tools"] = _with_signatures(values["tools"], Signatures(folder))
    agent = Agent(**{"name": "", **values})
    return AgentDocument(agent, text, file, root, folder), reading.problems


def _not_an_agent(text: str, file: str, root: Node | None) -> Problem:
    """The problem of a file that is no mapping; a first line that only lacks its colon is quoted as it should be."""
    said, remedy = "an agent file is lines of `key: value`", "Begin with `name: ` and the agent's name"
    if root is None or is_empty(root):
        return Problem("not-an-agent", file, 1, 1, "the file is empty", remedy)
    meant = _ALMOST_A_KEY.match(text, root.start_mark.index)
    if meant and meant.group(1) in AGENT.shapes:
        remedy = f"Write {meant.group(1)}: {meant.group(2)}, with a colon and a space"
    return problem_at(text, root.start_mark.index, file, "not-an-agent", said, remedy)


def _with_signatures(tools: tuple[Tool, ...], signatures: Signatures) -> tuple[Tool, ...]:
    """Fill in what a function's signature says and the file does not; what is wrong with it is for the checks."""
    return tuple(_with_signature(tool, signatures) if tool.python is not None else tool for tool in tools)


def _with_signature(tool: Tool, signatures: Signatures) -> Tool:
    try:
        signature = signatures.read(tool.python or "")
    except SignatureFault:
        return tool
    if signature is None:
        return tool
    update = {
        "description": tool.description or signature.description,
        "parameters": tool.parameters or signature.parameters,
    }
    return tool.model_copy(update=update)
