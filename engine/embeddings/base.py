"""The contract of what turns texts into vectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

    Vectors = NDArray[numpy.float32]
    """One row a text, each of length 1."""


class Embedder(Protocol):
    """Turns texts into vectors of length 1, so that the cosine of two texts is the product of their vectors."""

    @property
    def name(self) -> str:
        """What people read, e.g. `minilm`."""
        ...

    @property
    def version(self) -> str:
        """What the vectors depend on (a digest of the weights): two versions never share vectors."""
        ...

    @property
    def waits(self) -> bool:
        """Whether it waits for somebody else (a server), and so is to be called in a thread of its own."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Turn texts into vectors.

        A text's vector depends on that text alone, whatever else is asked for together with it.

        Args:
            texts: Any texts, of any length; very long ones are cut.

        Returns:
            float32 of shape [texts, dimension], one row a text in their order, each of length 1, rounded to 6 decimals.

        Raises:
            ReasonerError: When the model cannot be loaded or reached.
        """
        ...
