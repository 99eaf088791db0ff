"""A table of results, printed as aligned text or as Markdown. It knows not what was measured."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text under column heads; the first column is aligned left, the others right where they are figures."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""

    def text(self) -> str:
        """Return the table for a terminal."""
        widths = [max(len(row[place]) for row in (self.columns, *self.rows)) for place in range(len(self.columns))]
        lines = [self.title, self._line(self.columns, widths)]
        lines += [self._line(row, widths) for row in self.rows]
        return "\n".join([*lines, *([self.note] if self.note else [])])

    def markdown(self) -> str:
        """Return the table for a page, with its title as a caption."""
        marks = ["---:" if self._is_figures(place) else "---" for place in range(len(self.columns))]
        rows = [self.columns, marks, *self.rows]
        lines = [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows]
        return "\n".join([f"**{self.title}**", "", *lines, *(["", self.note] if self.note else [])])

    def _line(self, row: Sequence[str], widths: Sequence[int]) -> str:
        cells = [
            cell.rjust(width) if self._is_figures(place) else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        return "  " + "  ".join(cells).rstrip()

    def _is_figures(self, place: int) -> bool:
        cells = [row[place] for row in self.rows if row[place] not in ("", "-")]
        return bool(cells) and all(cell[0].isdigit() for cell in cells)


def share(part: float, whole: float) -> str:
    """Return a share with three decimals, or a dash where there is nothing to share."""
    return f"{part / whole:.3f}" if whole else "-"
