"""`weighbridge extract`: what the agent reads in a message."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tools.errors import InvalidInput, WeighbridgeError
from tools.facts import spec_of
from ui.cli import print_json, settings_of
from ui.completion import fact_keys
from ui.files import read_structured

if TYPE_CHECKING:
    from agent.reading.pipeline import Reader


@click.command("extract")
@click.argument("text", required=False)
@click.option("--asked", shell_complete=fact_keys, help="The fact that was asked for when the message was written.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON (the only format; accepted for symmetry).")
@click.option(
    "--file",
    "file",
    type=click.Path(path_type=Path),
    help="A YAML list of {text, asked}; one JSON line each comes out.",
)
@click.pass_context
def extract_command(ctx: click.Context, text: str | None, asked: str | None, as_json: bool, file: Path | None) -> None:
    """Read the facts and the intent in TEXT."""
    from ui.settings import build_model, build_reader

    if file is None and not (text or "").strip():
        raise InvalidInput("TEXT: expected a message, got nothing")
    entries = read_structured(file) if file is not None else None
    if file is not None and not isinstance(entries, list):
        raise InvalidInput(f"{file}: expected a list of {{text, asked}}")
    if asked is not None:
        spec_of(asked, "--asked")
    settings = settings_of(ctx)
    model = build_model(settings)
    try:
        reader = build_reader(settings, model)
        if entries is None:
            print_json(_read(reader, text or "", asked))
        else:
            _read_entries(reader, entries, str(file))
    finally:
        if model is not None:
            model.close()


def _read(reader: "Reader", text: str, asked: str | None) -> dict[str, Any]:
    reading = reader.read(text, asked)
    return reading.to_json()


def _read_entries(reader: "Reader", entries: list[Any], where: str) -> None:
    for number, entry in enumerate(entries):
        place = f"{where}: [{number}]"
        try:
            if not isinstance(entry, dict) or not isinstance(entry.get("text"), str):
                raise InvalidInput(f"{place}: expected {{text, asked}}")
            asked = entry.get("asked")
            if asked is not None:
                spec_of(str(asked), place)
            print_json(_read(reader, entry["text"], asked), line=True)
        except WeighbridgeError as error:
            print_json({"error": str(error)}, line=True)
