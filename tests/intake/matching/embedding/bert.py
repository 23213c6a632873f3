"""BERT's forward pass in plain numpy, written from the papers: what the graph must compute."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Tensor = NDArray[np.float32]
_erf = np.vectorize(math.erf, otypes=[np.float32])


class Bert:
    """MiniLM-L6 over the published tensors."""

    def __init__(self, tensors: Mapping[str, Tensor]) -> None:
        self._tensors = tensors

    def embed(self, ids: Sequence[int]) -> Tensor:
        """The unit sentence vector of some tokens."""
        tensors = self._tensors
        state = tensors["embeddings.word_embeddings.weight"][list(ids)]
        state = state + tensors["embeddings.position_embeddings.weight"][: len(ids)]
        state = state + tensors["embeddings.token_type_embeddings.weight"][0]
        state = self._normalise(state, "embeddings.LayerNorm")
        for layer in range(6):
            state = self._transform(state, f"encoder.layer.{layer}.")
        pooled = state.mean(axis=0)
        return pooled / np.linalg.norm(pooled)

    def _transform(self, state: Tensor, name: str) -> Tensor:
        attended = self._dense(self._attend(state, name), name + "attention.output.dense")
        state = self._normalise(attended + state, name + "attention.output.LayerNorm")
        inner = self._dense(state, name + "intermediate.dense")
        inner = inner * 0.5 * (1 + _erf(inner / math.sqrt(2)))
        return self._normalise(
            self._dense(inner, name + "output.dense") + state, name + "output.LayerNorm"
        )

    def _attend(self, state: Tensor, name: str) -> Tensor:
        query, key, value = (
            self._dense(state, f"{name}attention.self.{part}").reshape(-1, 12, 32).swapaxes(0, 1)
            for part in ("query", "key", "value")
        )
        scores = query @ key.swapaxes(1, 2) / math.sqrt(32)
        shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
        shares /= shares.sum(axis=-1, keepdims=True)
        return (shares @ value).swapaxes(0, 1).reshape(len(state), 384)

    def _dense(self, state: Tensor, name: str) -> Tensor:
        return state @ self._tensors[name + ".weight"].T + self._tensors[name + ".bias"]

    def _normalise(self, state: Tensor, name: str) -> Tensor:
        state = state - state.mean(axis=-1, keepdims=True)
        state = state / np.sqrt((state * state).mean(axis=-1, keepdims=True) + 1e-12)
        return state * self._tensors[name + ".weight"] + self._tensors[name + ".bias"]
