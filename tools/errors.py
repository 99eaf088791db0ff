"""The one error tree: what went wrong, where, and what to do next. It knows no command line and no interface.

WeighbridgeError                 exit code 1
├── InvalidInput                 exit code 2: what the user gave is wrong
│   └── UnknownName              a model, fact, tool, passage or session that does not exist
├── Missing                      exit code 3: something has to be installed, pulled or built first
│   ├── ModelMissing
│   ├── IndexMissing
│   └── ExtraMissing
├── ModelFailed                  a language model gave no usable answer
│   ├── PromptTooLong
│   ├── BadSchema
│   └── Cancelled
├── EscalationRefused            nothing was sent: escalation is off, not agreed to, or forbidden by a fact
└── EscalationFailed             something was sent, and no answer came back
"""

import difflib
from collections.abc import Iterable
from typing import ClassVar


class WeighbridgeError(Exception):
    """Any failure that Weighbridge explains to the user."""

    exit_code: ClassVar[int] = 1


class InvalidInput(WeighbridgeError):
    """The input is wrong; the message names where, the key, and what was expected."""

    exit_code: ClassVar[int] = 2


class UnknownName(InvalidInput):
    """A name that is in no catalogue; the message lists the nearest known ones."""

    @classmethod
    def of(cls, kind: str, name: str, known: Iterable[str], where: str = "") -> "UnknownName":
        """Build the error for an unknown `name` of a `kind`, with up to five near names."""
        names = sorted(known)
        near = difflib.get_close_matches(name, names, n=5, cutoff=0.4) or names[:5]
        place = f"{where}: " if where else ""
        return cls(f"{place}unknown {kind} {name!r}. Did you mean: {', '.join(near)}?")


class Missing(WeighbridgeError):
    """Something needed is not there; the message says the command that fixes it."""

    exit_code: ClassVar[int] = 3


class ModelMissing(Missing):
    """No usable GGUF file."""


class IndexMissing(Missing):
    """The guidance index has not been built, or was built for other text."""


class ExtraMissing(Missing):
    """An optional dependency is not installed."""


class ModelFailed(WeighbridgeError):
    """A language model gave no usable answer."""


class PromptTooLong(ModelFailed):
    """The prompt does not fit the model's context."""


class BadSchema(ModelFailed):
    """The schema cannot be turned into a grammar."""


class Cancelled(ModelFailed):
    """The user stopped the answer."""


class EscalationRefused(WeighbridgeError):
    """Nothing was sent: escalation is off, was not agreed to, or is forbidden by a fact."""


class EscalationFailed(WeighbridgeError):
    """The request to the outside model failed; the message says what to do next."""
