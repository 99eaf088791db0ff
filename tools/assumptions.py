"""The figures assumed where neither user nor catalogue has one, with their sources; no figure is in code."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from tools.data_files import load_table
from tools.errors import InvalidInput, UnknownName


@dataclass(frozen=True, slots=True)
class AssumedFigure:
    """One entry of `assumptions.yaml`: a number, or numbers per key."""

    key: str
    value: Any
    unit: str
    confidence: str
    source: str

    @property
    def number(self) -> float:
        """The figure, where it is a single number."""
        return float(self.value)

    def of(self, name: str) -> Any:
        """The figure for one key, where it is a table."""
        if name not in self.value:
            raise UnknownName.of(f"key of {self.key}", name, self.value)
        return self.value[name]

    @property
    def cited(self) -> str:
        """The source with its confidence, as a cost line shows it."""
        return f"{self.source} [{self.confidence}]"


@cache
def assumption(key: str) -> AssumedFigure:
    """Return one assumed figure, or raise UnknownName."""
    table = load_table("assumptions.yaml")
    if key not in table or key == "as_of":
        raise UnknownName.of("assumption", key, table)
    entry = table[key]
    missing = {"value", "unit", "checked", "confidence", "source"} - set(entry)
    if missing:
        raise InvalidInput(f"tools/data/assumptions.yaml: {key}: {', '.join(sorted(missing))} missing")
    return AssumedFigure(key, entry["value"], entry["unit"], entry["confidence"], entry["source"])
