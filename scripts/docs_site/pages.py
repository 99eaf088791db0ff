"""Makes the reference pages from code and data: commands, facts, tables, the Python interface. It writes no file."""

import html
from collections.abc import Iterator, Mapping
from functools import cache

import click
import yaml

from tools.data_check import table_summaries
from tools.facts import FactSpec, fact_dictionary
from tools.table_entries import TableEntry, load_entries

_PYTHON = ("tools.api", "tools.assessment", "tools.facts", "tools.report", "tools.errors")
_MOST_WORDS = 90


@cache
def generated_pages() -> Mapping[str, str]:
    """Return the Markdown of every generated page by its place in the site."""
    pages = {
        "reference/commands.md": _commands(),
        "reference/facts.md": _facts(),
        "reference/python.md": _python(),
        "reference/tables.md": _tables(),
    }
    for summary in table_summaries():
        pages[f"reference/data/{summary.file.rsplit('.', 1)[0]}.md"] = _table(summary.file)
    for file in ("data_check.yaml", "facts.yaml", "findings.yaml", "gates.yaml", "asking.yaml", "licence_names.yaml"):
        pages.setdefault(f"reference/data/{file.rsplit('.', 1)[0]}.md", _table(file))
    return pages


def _commands() -> str:
    from ui.cli import main

    context = click.Context(main, info_name="weighbridge", max_content_width=100)
    shown = ["# Commands", "", "What `--help` says of each command."]
    for path, command in _walk(main, "weighbridge"):
        inner = click.Context(command, info_name=path, parent=None, max_content_width=100)
        shown += ["", f"## {path}", "", "```text", command.get_help(inner).rstrip(), "```"]
    context.close()
    return "\n".join(shown) + "\n"


def _walk(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=path)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below is not None and not below.hidden:
                yield from _walk(below, f"{path} {name}")


def _facts() -> str:
    shown = [
        "# Facts",
        "",
        (
            "What Weighbridge may know of an organization and of a workload: the keys of a portfolio file. "
            "A fact that nobody states is drawn from its prior."
        ),
    ]
    for scope in ("organization", "workload"):
        shown += ["", f"## Of the {scope}", "", "| key | what it is | type and values | where nobody says |"]
        shown.append("|---|---|---|---|")
        shown += [_fact(spec) for spec in fact_dictionary().values() if spec.scope == scope]
    return "\n".join(shown) + "\n"


def _fact(spec: FactSpec) -> str:
    values = ", ".join(f"`{value}`" for value in spec.values)
    kind = f"{spec.type}: {values}" if values else f"{spec.type}{f', {spec.unit}' if spec.unit else ''}"
    return f"| `{spec.key}` | {_cell(spec.label)} | {_cell(kind)} | {_cell(_prior(spec))} |"


def _prior(spec: FactSpec) -> str:
    if spec.prior is None:
        return "counts only where it is stated"
    if spec.prior.weights is None:
        low, usual, high = spec.prior.low, spec.prior.usual, spec.prior.high
        return f"{low:,.10g} to {high:,.10g}, usually {usual:,.10g}. {spec.prior.why}"
    named = ", ".join(f"{value or 'none'} {weight:.0%}" for value, weight in spec.prior.weights.items())
    return f"{named}. {spec.prior.why}"


def _python() -> str:
    parts = [
        "# Python",
        "",
        (
            "The names of `tools.api` stay; [Use it from Python](../python.md) shows them at work. The other modules "
            "hold the values that they return."
        ),
    ]
    for module in _PYTHON:
        parts += ["", f"::: {module}"]
    return "\n".join(parts) + "\n"


def _tables() -> str:
    rows = ["# The tables", "", "Every figure from the world, with its source, date and confidence.", ""]
    rows += ["| table | entries | oldest check | unverified |", "|---|---:|---|---:|"]
    for one in table_summaries():
        name = one.file.rsplit(".", 1)[0]
        rows.append(f"| [{one.file}](data/{name}.md) | {one.entries} | {one.oldest} | {one.unverified} |")
    return "\n".join(rows) + "\n"


def _table(file: str) -> str:
    shown = [f"# {file}", "", "[All tables](../tables.md). An entry opens to show all that it says."]
    section = ""
    for entry in load_entries(file):
        if entry.nested:
            continue
        if entry.section != section:
            section = entry.section
            shown += ["", f"## {section}"]
        shown += ["", *_entry(entry)]
    return "\n".join(shown) + "\n"


def _entry(entry: TableEntry) -> Iterator[str]:
    said = ", ".join(part for part in (entry.confidence, f"checked {entry.checked}" if entry.checked else "") if part)
    name = html.escape(entry.name).replace('"', "&quot;")
    yield f'??? note "{name}{f" ({said})" if said else ""}"'
    if entry.source:
        yield f"    Source: {_escaped(entry.source)}"
        yield ""
    text = yaml.safe_dump(_plain(entry.data), sort_keys=False, allow_unicode=True, width=_MOST_WORDS)
    yield "    ```yaml"
    yield from (f"    {line}" for line in text.rstrip().splitlines())
    yield "    ```"


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value


def _escaped(text: str) -> str:
    return html.escape(text, quote=False).replace("*", "\\*").replace("_", "\\_").replace("[", "\\[")


def _cell(text: str) -> str:
    return html.escape(text, quote=False).replace("|", "\\|").replace("\n", " ")
