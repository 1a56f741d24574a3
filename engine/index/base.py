"""The contract of an index over canned responses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from engine.agent.model import CannedResponse


@dataclass(frozen=True, slots=True)
class Hit:
    """How near a response is to a draft: the best of its template and signals. `nearest` is the text that was best."""

    name: str
    score: float
    nearest: str


class ResponseIndex(Protocol):
    """Scores canned responses by how near their templates and signals are to a draft."""

    @property
    def embeddings(self) -> str:
        """Which embeddings, e.g. `lexical`."""
        ...

    @property
    def threshold(self) -> float:
        """The score from which a response counts as near."""
        ...

    async def search(self, draft: str, responses: Sequence[CannedResponse]) -> list[Hit]:
        """Score responses against a draft.

        A long draft is cut into sentences and the best one counts; no part is ignored.

        Args:
            draft: The draft message.
            responses: The responses in scope; whatever is new among them is indexed first.

        Returns:
            One hit for each response, in the order given. Scores lie between 0 and 1, rounded to 4 decimals.
        """
        ...
