"""Writes results into docs/evaluation.md: a dated section per run, the newest first. It measures nothing."""

import os
import platform
from datetime import date
from pathlib import Path

from tests.evaluation.tables import Table

PAGE = Path(__file__).parents[2] / "docs" / "evaluation.md"
_FIRST_SECTION = "\n## "


def machine() -> str:
    """Describe the machine without naming it: processor, cores, memory, Python."""
    processor = platform.processor() or platform.machine()
    listed = Path("/proc/cpuinfo")
    if listed.is_file():
        lines = listed.read_text(encoding="utf-8").splitlines()
        processor = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), processor)
    memory = ""
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        memory = f", {os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 2**30:.0f} GiB"
    return f"{processor}, {os.cpu_count()} cores{memory}, Python {platform.python_version()}{_load()}"


def _load() -> str:
    """Say how busy the machine was: seconds measured beside other work are no promise."""
    return f", load {os.getloadavg()[2]:.1f} over the last 15 minutes" if hasattr(os, "getloadavg") else ""


def section(title: str, command: str, day: date, tables: list[Table]) -> str:
    """Return a section: when, how to run it again, on what, and the tables."""
    heading = f"## {day.isoformat()}: {title}"
    how = f"```\n{command}\n```\n\nOn {machine()}."
    return "\n\n".join([heading, how, *(table.markdown() for table in tables)]) + "\n"


def write(text: str, page: Path = PAGE) -> None:
    """Put a section in front of the others; one with the same heading is replaced."""
    heading = text.partition("\n")[0]
    intro, *sections = page.read_text(encoding="utf-8").split(_FIRST_SECTION)
    kept = [part.rstrip() for part in sections if part.partition("\n")[0] != heading.removeprefix("## ")]
    parts = [intro.rstrip() + "\n", *(f"## {part}\n" for part in [text.removeprefix("## ").rstrip(), *kept])]
    page.write_text("\n".join(parts), encoding="utf-8")
