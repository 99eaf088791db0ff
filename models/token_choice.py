"""Chooses the next token from the logits: the likeliest, or the likeliest that a grammar allows. It knows no prompt."""

import ctypes
from typing import Any

import numpy as np
import numpy.typing as npt

from tools.errors import BadSchema, ModelFailed

Logits = npt.NDArray[np.float32]

_FEW = 256
_CANDIDATE = np.dtype([("id", np.int32), ("logit", np.float32), ("p", np.float32)])


def likeliest(logits: Logits) -> int:
    """Return the token with the highest logit."""
    return int(logits.argmax())


class GrammarGate:
    """Greedy choice under a grammar, asked of one candidate first, then of 256, then of all.

    Applying a grammar to a whole vocabulary of 150,000 costs more than the model itself, and its first choice
    nearly always fits. The result is the same, since a grammar judges each candidate by itself.
    """

    def __init__(self, vocab: Any, grammar: str) -> None:
        import llama_cpp

        self._api = llama_cpp
        self._sampler = llama_cpp.llama_sampler_init_grammar(vocab, grammar.encode(), b"root")
        if not self._sampler:
            raise BadSchema("the engine could not read the grammar made from this schema")

    def choose(self, logits: Logits) -> int:
        """Return the likeliest token that the grammar allows here."""
        best = int(logits.argmax())
        if self.allows(best):
            return best
        few = np.argpartition(logits, -_FEW)[-_FEW:] if logits.size > _FEW else np.arange(logits.size)
        for ids in (np.sort(few), np.arange(logits.size)):
            left = self._apply(ids, logits[ids])
            if np.isfinite(left).any():
                return int(ids[left.argmax()])
        raise ModelFailed("the grammar allows no further token")

    def allows(self, token: int) -> bool:
        """Whether the grammar allows this token next."""
        return bool(np.isfinite(self._apply(np.array([token]), np.zeros(1, np.float32))[0]))

    def accept(self, token: int) -> None:
        """Move the grammar past a token that it allowed."""
        self._api.llama_sampler_accept(self._sampler, token)

    def close(self) -> None:
        """Free the grammar."""
        if self._sampler:
            self._api.llama_sampler_free(self._sampler)
            self._sampler = None

    def _apply(self, ids: npt.NDArray[Any], logits: Logits) -> Logits:
        candidates = np.zeros(ids.size, _CANDIDATE)
        candidates["id"], candidates["logit"] = ids, logits
        data = candidates.ctypes.data_as(ctypes.POINTER(self._api.llama_token_data))
        array = self._api.llama_token_data_array(data=data, size=ids.size, selected=-1, sorted=False)
        self._api.llama_sampler_apply(self._sampler, ctypes.byref(array))
        left: Logits = candidates["logit"]
        return left
