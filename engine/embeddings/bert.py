"""The forward pass of a BERT encoder in numpy, from token numbers to one vector a text.

Devlin et al. 2018 (arXiv:1810.04805), as sentence-transformers runs all-MiniLM-L6-v2: six layers of 384 numbers with
twelve heads, GELU with the exact error function, LayerNorm with 1e-12, the mean over all tokens, length 1.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from engine.embeddings.weights import Tensor

HEADS = 12
_EPSILON = 1e-12
_ERF = (0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429)
_ERF_SCALE = 0.3275911
_STEP = 4
"""Products of rows are made several rows at a time, so that a few more rows cost less than odd ones left over."""

_IN_CACHE = 8_192
"""How many numbers go through GELU together: its three blocks of them stay near the processor."""


@dataclass(frozen=True, slots=True)
class _Dense:
    """A linear layer, its weights turned so that a row of numbers is multiplied from the left."""

    weight: Tensor
    bias: Tensor

    def __call__(self, values: Tensor) -> Tensor:
        # Stacked matrices are multiplied one by one, so that a text's numbers cannot depend on its neighbours.
        found: Tensor = values @ self.weight
        found += self.bias
        return found


@dataclass(frozen=True, slots=True)
class _Norm:
    """LayerNorm: mean 0 and variance 1 over the last axis, then scaled and moved."""

    weight: Tensor
    bias: Tensor

    def __call__(self, values: Tensor) -> Tensor:
        import numpy

        values -= values.mean(axis=-1, keepdims=True)
        variance = numpy.square(values).mean(axis=-1, keepdims=True)
        variance += _EPSILON
        values *= 1 / numpy.sqrt(variance)
        values *= self.weight
        values += self.bias
        return values


@dataclass(frozen=True, slots=True)
class _Layer:
    """One transformer layer; queries, keys and values are made by one multiplication."""

    attended: _Dense
    output: _Dense
    after_attention: _Norm
    widened: _Dense
    narrowed: _Dense
    after_widening: _Norm

    def __call__(self, values: Tensor, length: int) -> Tensor:
        attended = self.output(_attention(self.attended(values), length))
        attended += values
        values = self.after_attention(attended)
        narrowed = self.narrowed(gelu(self.widened(values)))
        narrowed += values
        return self.after_widening(narrowed)


class Bert:
    """An encoder with its weights."""

    def __init__(self, tensors: Mapping[str, Tensor]) -> None:
        """Take the weights.

        Args:
            tensors: By the names that Hugging Face's BERT gives them.

        Raises:
            KeyError: When a tensor is missing.
        """
        self._words = tensors["embeddings.word_embeddings.weight"]
        self._places = tensors["embeddings.position_embeddings.weight"]
        self._kind = tensors["embeddings.token_type_embeddings.weight"][0]
        self._norm = _norm(tensors, "embeddings.LayerNorm")
        count = len({name.split(".")[2] for name in tensors if name.startswith("encoder.layer.")})
        self._layers = [_layer(tensors, f"encoder.layer.{number}") for number in range(count)]

    def __call__(self, tokens: NDArray[Any]) -> Tensor:
        """Turn texts of the same length into vectors.

        Args:
            tokens: Token numbers, shape [texts, tokens].

        Returns:
            Vectors of length 1, shape [texts, width].
        """
        import numpy

        texts, length = tokens.shape
        values = numpy.zeros((texts, -(-length // _STEP) * _STEP, self._words.shape[1]), numpy.float32)
        values[:, :length] = self._words[tokens]
        values[:, :length] += self._places[:length] + self._kind
        values = self._norm(values)
        for layer in self._layers:
            values = layer(values, length)
        mean: Tensor = values[:, :length].mean(axis=1)
        mean /= numpy.sqrt(numpy.square(mean).sum(axis=-1, keepdims=True))
        return mean


def gelu(values: Tensor) -> Tensor:
    """X · Φ(x), in place, Φ by the error function of Abramowitz and Stegun 7.1.26 (wrong by at most 1.5e-7).

    Computed as max(x, 0) - |x| · Φ(-|x|), which takes the tail of the normal distribution as the formula gives it.

    Args:
        values: Any numbers, float32, in one piece of memory; they are overwritten.

    Returns:
        The same array.
    """
    import numpy

    flat = values.reshape(-1)
    room = numpy.empty((2, min(_IN_CACHE, flat.size)), numpy.float32)
    for start in range(0, flat.size, _IN_CACHE):
        some = flat[start : start + _IN_CACHE]
        part, tail = room[:, : some.size]
        _tail(some, part, tail)
        numpy.abs(some, out=part)
        tail *= part
        numpy.maximum(some, 0, out=some)
        some -= tail
    return values


def _tail(values: Tensor, part: Tensor, tail: Tensor) -> None:
    """Write Φ(-|x|) into `tail`; `part` is room of the same size."""
    import numpy

    numpy.abs(values, out=part)
    part *= numpy.float32(_ERF_SCALE * math.sqrt(0.5))
    part += 1
    numpy.reciprocal(part, out=part)
    numpy.multiply(part, numpy.float32(_ERF[-1] / 2), out=tail)
    for factor in _ERF[-2::-1]:
        tail += numpy.float32(factor / 2)
        tail *= part
    numpy.square(values, out=part)
    part *= numpy.float32(-0.5)
    numpy.exp(part, out=part)
    tail *= part


def _attention(joined: Tensor, length: int) -> Tensor:
    """Scaled dot-product attention of every head, from queries, keys and values beside each other.

    Args:
        joined: Shape [texts, rows, 3 · width].
        length: How many of the rows are tokens; the others are left out.

    Returns:
        Shape [texts, rows, width]; zero in the rows that are no tokens.
    """
    import numpy

    texts, rows, width = joined.shape
    size = width // 3 // HEADS
    queries, keys, values = joined[:, :length].reshape(texts, length, 3, HEADS, size).transpose(2, 0, 3, 1, 4)
    scores = queries @ keys.transpose(0, 1, 3, 2)
    scores *= numpy.float32(1 / math.sqrt(size))
    scores -= scores.max(axis=-1, keepdims=True)
    numpy.exp(scores, out=scores)
    scores /= scores.sum(axis=-1, keepdims=True)
    found = numpy.zeros((texts, rows, width // 3), numpy.float32)
    found[:, :length].reshape(texts, length, HEADS, size)[:] = (scores @ values).transpose(0, 2, 1, 3)
    return found


def _layer(tensors: Mapping[str, Tensor], name: str) -> _Layer:
    import numpy

    parts = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
    joined = _Dense(
        numpy.ascontiguousarray(numpy.concatenate([tensors[f"{part}.weight"] for part in parts]).T),
        numpy.concatenate([tensors[f"{part}.bias"] for part in parts]),
    )
    return _Layer(
        joined,
        _dense(tensors, f"{name}.attention.output.dense"),
        _norm(tensors, f"{name}.attention.output.LayerNorm"),
        _dense(tensors, f"{name}.intermediate.dense"),
        _dense(tensors, f"{name}.output.dense"),
        _norm(tensors, f"{name}.output.LayerNorm"),
    )


def _dense(tensors: Mapping[str, Tensor], name: str) -> _Dense:
    import numpy

    return _Dense(numpy.ascontiguousarray(tensors[f"{name}.weight"].T), tensors[f"{name}.bias"])


def _norm(tensors: Mapping[str, Tensor], name: str) -> _Norm:
    return _Norm(tensors[f"{name}.weight"], tensors[f"{name}.bias"])
