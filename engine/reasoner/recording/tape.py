"""The recordings of one case while it is played: which of them answered, and what is missing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from engine.reasoner.llm.model import Prompt
from engine.reasoner.recording.calls import Call, Source, key_of
from engine.reasoner.recording.cassette import Cassette
from engine.reasoner.recording.staleness import Known, StaleRecording, cause_of, nearest_call


@dataclass
class Tape:
    """One case's part of a cassette.

    Attributes:
        cassette: The file.
        case: The case.
        remedy: The command that records it anew, as it follows a semicolon.
        there: The names of the agent's things.
        used: The keys that answered in this conversation, in the order in which they were asked.
    """

    cassette: Cassette
    case: str
    remedy: str
    there: Collection[str] = ()
    used: dict[str, None] = field(default_factory=dict)

    def find(self, prompt: Prompt, source: Source) -> Call | None:
        """What is recorded for a question, noting that it was asked."""
        key = key_of(prompt, source)
        self.used[key] = None
        return self.cassette.find(self.case, key)

    def own(self, call: Call) -> None:
        """Have a call, which may be another case's, among those of this case.

        Raises:
            CassetteError: When the file cannot be written.
        """
        own = replace(call, case=self.case)
        if own not in self.cassette.of_case(self.case):
            self.cassette.add(own)

    def before(self, prompt: Prompt, source: Source) -> Call | None:
        """What was recorded for the question before something changed; None where it is a new one."""
        unused = [
            call
            for call in self.cassette.of_case(self.case)
            if (call.turn, call.task) == (prompt.turn, prompt.task) and call.key not in self.used
        ]
        return nearest_call(prompt, source, unused)

    def stale(self, prompt: Prompt, source: Source) -> StaleRecording:
        """The error that names why nothing answers a question."""
        call = self.before(prompt, source)
        if call is not None:
            names = {name for each in self.cassette.calls for name in each.reads}
            return StaleRecording(cause_of(prompt, source, call, Known(self.there, names)), self.remedy)
        own = self.cassette.of_case(self.case)
        where = f"turn {prompt.turn} ({prompt.task})" if own else "this case"
        return StaleRecording(f"nothing is recorded for {where}", self.remedy)
