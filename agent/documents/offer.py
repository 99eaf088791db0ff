"""A fact that a document states and the user may confirm, as a value. It reads no document and asks nobody."""

from dataclasses import asdict, dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Offer:
    """A fact that a document states and the user may confirm; `place` is its file and page."""

    id: str
    fact: str
    value: Any
    quote: str
    place: str

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)


class Offers(Protocol):
    """Where offers come from."""

    def current(self) -> list[Offer]: ...
