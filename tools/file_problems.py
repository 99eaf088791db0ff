"""Collects what is wrong with a file, so that all of it is told at once. It knows no format and no fact."""

from dataclasses import dataclass, field

from tools.errors import InvalidInput

_MOST = 50
_KEPT = 1000


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong: on which line (0 is unknown), at which place, what, and what was expected."""

    line: int
    place: str
    text: str


@dataclass(slots=True)
class Problems:
    """The problems of one file; `by_row` for tables, whose workloads are rows and whose keys are columns."""

    file: str
    by_row: bool = False
    found: list[Problem] = field(default_factory=list)
    count: int = 0

    def add(self, line: int | None, place: str, text: str) -> None:
        """Note one problem; an empty place is the whole file."""
        self.count += 1
        if len(self.found) < _KEPT:
            self.found.append(Problem(line or 0, place, text))

    def workload(self, index: int, line: int | None) -> str:
        """Return the place of a workload: its row, or its position in the list from 0."""
        return f"row {line}" if self.by_row else f"workloads[{index}]"

    def key(self, place: str, key: str) -> str:
        """Return the place of a key inside a place."""
        return f"{place}: {'column ' if self.by_row else ''}{key}" if place else key

    def lines(self) -> list[str]:
        """Return one line per problem, in the file's order."""
        return [self._line(problem) for problem in sorted(self.found, key=lambda problem: problem.line)]

    def raise_any(self) -> None:
        """Raise InvalidInput with every problem, where there is one."""
        lines = self.lines()
        if len(lines) == 1:
            raise InvalidInput(lines[0])
        if lines:
            more = [f"{self.file}: and {self.count - _MOST} more problems"] if self.count > _MOST else []
            raise InvalidInput("\n".join([f"{self.file}: {self.count} problems", *lines[:_MOST], *more]))

    def _line(self, problem: Problem) -> str:
        where = f"{self.file}:{problem.line}" if problem.line else self.file
        return ": ".join(part for part in (where, problem.place, problem.text) if part)
