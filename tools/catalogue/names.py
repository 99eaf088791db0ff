"""Resolves the loose names that people write to one entry of a catalogue. It knows no catalogue."""

import re
from collections.abc import Iterable, Mapping, Sequence

from tools.errors import UnknownName

# Words that say how weights are packed or tuned for chat, not which checkpoint they are.
_PACKING = {"bf16", "fp16", "fp8", "fp4", "nvfp4", "mxfp4", "int4", "int8", "awq", "gptq", "gguf", "dynamic"}
_MAKERS = {"meta", "nvidia", "amd", "intel", "google", "apple", "geforce"}
_NOISE = _PACKING | _MAKERS | {"instruct", "it", "chat", "hf", "the", "model"}


def core_words(name: str) -> tuple[str, ...]:
    """Split a name into words without publisher and packing: 'Org/Llama-3.3-70B-Instruct' → llama 3.3 70b."""
    short = name.rsplit("/", 1)[-1].lower()
    short = re.sub(r"(?<=\d)_(?=\d)", ".", short)
    words = [word for word in re.split(r"[^a-z0-9.]+", short) if word.strip(".")]
    kept = tuple(word for word in words if word not in _NOISE)
    return kept or tuple(words)


def compact(name: str) -> str:
    """Return the core words run together, so that 'H100 SXM' and 'h100-sxm' are one name."""
    return "".join(core_words(name))


class NameIndex:
    """All spellings of a catalogue's entries."""

    def __init__(self, kind: str, spellings: Mapping[str, Sequence[str]]) -> None:
        """Index `spellings`: entry id → further names of the entry."""
        self._kind = kind
        self._words: dict[str, frozenset[str]] = {}
        self._exact: dict[str, str] = {}
        for identity, names in spellings.items():
            self._words[identity] = frozenset(core_words(identity))
            for name in (identity, identity.rsplit("/", 1)[-1], *names):
                self._exact.setdefault(name.lower(), identity)
        for identity, names in spellings.items():
            for name in (*names, identity):
                self._exact.setdefault(compact(name), identity)

    def matches(self, name: str) -> tuple[str, ...]:
        """Return the ids that a name may mean: one when it is clear, several when it is not."""
        found = self._exact.get(name.strip().lower()) or self._exact.get(compact(name))
        if found:
            return (found,)
        words = frozenset(core_words(name))
        if not words:
            return ()
        inside = [identity for identity, own in self._words.items() if words <= own]
        if not inside:
            glued = compact(name)
            inside = [identity for identity in self._words if glued in _runs(core_words(identity))]
        return tuple(inside)

    def find(self, name: str) -> str:
        """Return the one id that a name means, or raise UnknownName with the near or the ambiguous names."""
        found = self.matches(name)
        if len(found) == 1:
            return found[0]
        # The beginning of a name is never taken for it, only offered: 'gpt-6-lun' must not price anything.
        started = [identity for identity in self._words if compact(identity).startswith(compact(name))]
        if found or started:
            listed = _listed(found or started)
            raise UnknownName(f"{self._kind} {name!r} may mean {listed}: say which one")
        raise UnknownName.of(self._kind, name, (identity.rsplit("/", 1)[-1] for identity in self._words))


def _runs(words: Sequence[str]) -> set[str]:
    """Return every run of neighbouring words, glued: 'llama4scout' for llama 4 scout 17b."""
    ends = range(1, len(words) + 1)
    return {"".join(words[start:end]) for end in ends for start in range(end)}


def _listed(names: Iterable[str]) -> str:
    shown = sorted(names)
    more = f" and {len(shown) - 6} more" if len(shown) > 6 else ""
    return ", ".join(shown[:6]) + more
