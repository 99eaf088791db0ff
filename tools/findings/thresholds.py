"""Where findings begin to speak: thresholds from `findings.yaml`, each with its source. It holds no rule."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from pydantic import ConfigDict, TypeAdapter, ValidationError

from tools.data_files import load_table
from tools.errors import InvalidInput, UnknownName

FILE = "findings.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One threshold."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    value: float
    unit: str
    checked: date
    confidence: str
    source: str

    @property
    def cited(self) -> str:
        """The source with its confidence."""
        return f"{self.source} [{self.confidence}]"


@cache
def _limits() -> dict[str, Limit]:
    try:
        return TypeAdapter(dict[str, Limit]).validate_python(load_table(FILE))
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in problem["loc"])
        raise InvalidInput(f"tools/data/{FILE}: {where}: {problem['msg']}") from error


def limit(key: str) -> Limit:
    """Return one threshold, or raise UnknownName."""
    if key not in _limits():
        raise UnknownName.of("threshold", key, _limits(), f"tools/data/{FILE}")
    return _limits()[key]
