"""The words that the shell offers for an argument: tools, facts, models, sessions, values. It must answer at once.

Nothing heavy is imported here, and what cannot be read offers nothing: a shell that waits for its user's next key
can show no error.
"""

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing

import click
from click.shell_completion import CompletionItem

from tools.errors import WeighbridgeError
from ui.setting_list import BY_KEY
from ui.settings import Settings, read_settings

Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem[str]]]


def _offering(words: Callable[[click.Context], Iterable[tuple[str, str]]]) -> Completer:
    """Make click's callback from what yields words with a line about each."""

    def complete(ctx: click.Context, _: click.Parameter, begun: str) -> list[CompletionItem[str]]:
        try:
            found = list(words(ctx))
        except (WeighbridgeError, OSError, sqlite3.Error):
            return []
        return [CompletionItem(word, help=about or None) for word, about in found if word.startswith(begun)]

    return complete


def _tools(_: click.Context) -> Iterator[tuple[str, str]]:
    from tools.registry import tools

    return ((tool.name, tool.description) for tool in tools().values())


def _facts(_: click.Context) -> Iterator[tuple[str, str]]:
    from tools.facts import fact_dictionary

    return ((spec.key, spec.label) for spec in fact_dictionary().values())


def _models(_: click.Context) -> Iterator[tuple[str, str]]:
    from models.catalogue import gguf_catalogue

    return ((entry.name, entry.title) for entry in gguf_catalogue().values())


def _sessions(_: click.Context) -> Iterator[tuple[str, str]]:
    rows = _session_rows(_settings())
    if rows:
        yield "last", "the newest"
    yield from rows


def _values(ctx: click.Context) -> Iterable[tuple[str, str]]:
    key = str(ctx.params.get("key"))
    if key == "model":
        return [*_models(ctx), ("none", "no language model")]
    return ((choice, "") for choice in BY_KEY[key].choices) if key in BY_KEY else ()


def _settings() -> Settings:
    return read_settings(os.environ)


def _session_rows(settings: Settings) -> list[tuple[str, str]]:
    """Read ids and titles straight from the file: `agent.sessions` would bring LangGraph, a second's import."""
    file = settings.sessions_file
    if not file.is_file():
        return []
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=0.1)) as connection:
        return connection.execute("SELECT id, title FROM sessions ORDER BY updated_at DESC, id").fetchall()


tool_names, fact_keys, model_names = _offering(_tools), _offering(_facts), _offering(_models)
session_ids, setting_values = _offering(_sessions), _offering(_values)
