"""`weighbridge models`: the GGUF files that can be had, fetched, checked and measured."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from tools.errors import InvalidInput, ModelMissing
from ui.cli import print_json, settings_of
from ui.completion import model_names
from ui.settings import NO_MODEL, Settings, build_encoder_store, build_model, build_store

if TYPE_CHECKING:
    from models.store import StoredModel

# What stands behind the catalogue's hash.
_VERIFIED = {"measured": "yes", "secondary": "by others", "unverified": "at first pull"}


@click.group("models")
def models_command() -> None:
    """List, fetch, check and measure the GGUF files of language models."""


@models_command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print the catalogue as JSON.")
@click.pass_context
def list_command(ctx: click.Context, as_json: bool) -> None:
    """List the catalogue, from small to large, with what is on this machine."""
    from models.catalogue import DEFAULT_MODEL

    stored = build_store(settings_of(ctx)).list()
    if as_json:
        print_json([_plain(one, one.entry.name == DEFAULT_MODEL) for one in stored])
        return
    _print_table(stored)
    click.echo(f"\nDefault: {DEFAULT_MODEL}. Fetch one: weighbridge models pull NAME.")
    click.echo("Use it: weighbridge settings set model NAME")


@models_command.command("pull")
@click.argument("name", required=False, shell_complete=model_names)
@click.pass_context
def pull_command(ctx: click.Context, name: str | None) -> None:
    """Fetch the file NAME (without it the one in use); what is here already costs nothing."""
    from ui.progress import byte_progress

    settings = settings_of(ctx)
    wanted = name or _model_in_use(settings)
    if wanted is None:
        click.echo(
            f"WEIGHBRIDGE_MODEL={settings.model}: no file of the catalogue is in use, nothing to fetch.", err=True
        )
        return
    with byte_progress(wanted) as progress:
        path = build_store(settings).pull(wanted, progress)
    click.echo(f"{wanted} is here: {path}", err=True)


@models_command.command("verify")
@click.argument("name", required=False, shell_complete=model_names)
@click.pass_context
def verify_command(ctx: click.Context, name: str | None) -> None:
    """Hash the file NAME again (without it every file that is here); a damaged one is deleted."""
    from models.catalogue import DEFAULT_MODEL
    from ui.progress import byte_progress

    store = build_store(settings_of(ctx))
    names = [name] if name else [one.entry.name for one in store.list() if one.path] or [DEFAULT_MODEL]
    damaged = []
    for each in names:
        store.path_of(each)
        try:
            with byte_progress(each) as progress:
                found = store.verify(each, progress)
            click.echo(f"{each}: sha256 {found}, as it should be")
        except ModelMissing as error:
            damaged.append(str(error))
    if damaged:
        raise ModelMissing("\n".join(damaged))


@models_command.command("encoder")
@click.pass_context
def encoder_command(ctx: click.Context) -> None:
    """Fetch the larger sentence model that messages are read with; without it the small one reads them."""
    from ui.progress import byte_progress

    store = build_encoder_store(settings_of(ctx))
    with byte_progress(store.entry.name) as progress:
        path = store.pull(progress)
    click.echo(f"{store.entry.name} is here: {path}", err=True)


@models_command.command("bench")
@click.option("--json", "as_json", is_flag=True, help="Print the measurement as JSON.")
@click.option("--tokens", type=click.IntRange(8, 2048), default=64, show_default=True, help="How many to write.")
@click.pass_context
def bench_command(ctx: click.Context, as_json: bool, tokens: int) -> None:
    """Measure how fast the local model reads a prompt and writes; the page shows the last measurement."""
    from models.accelerator import describe_accelerator
    from ui.bench import measure
    from ui.speeds import keep_speed

    settings = settings_of(ctx)
    if settings.model == NO_MODEL:
        raise InvalidInput(f"WEIGHBRIDGE_MODEL={NO_MODEL}: there is no model to measure; unset it or name one")
    click.echo("Loading the model …", err=True)
    result = measure(lambda: _loaded(settings), tokens)
    name = _model_in_use(settings)
    if name is not None:
        keep_speed(settings.speeds_file, name, datetime.now().date(), result)
    if as_json:
        print_json(result.to_json() | {"accelerator": describe_accelerator().line()})
        return
    click.echo(f"{result.model}; {describe_accelerator().line()}")
    click.echo(f"loading   {result.load_seconds:.1f} s")
    click.echo(f"reading   {result.prompt_tokens_per_second:.1f} tokens/s ({result.prompt_tokens} tokens)")
    click.echo(f"writing   {result.output_tokens_per_second:.1f} tokens/s ({result.output_tokens} tokens)")


def _loaded(settings: Settings) -> Any:
    return build_model(settings)


def _model_in_use(settings: Settings) -> str | None:
    """Return the catalogue's name of the model in use; None where a file of the user's, or nothing, is."""
    from models.catalogue import DEFAULT_MODEL, gguf_catalogue

    if not settings.model or settings.model in gguf_catalogue():
        return settings.model or DEFAULT_MODEL
    return None


def _print_table(stored: list["StoredModel"]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    if not console.is_terminal:
        console.width = _WIDE
    is_wide = console.width >= _WIDE
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in (
        "Name",
        *(["Title"] if is_wide else []),
        "Size",
        "Memory",
        "Licence",
        "Context",
        "Here",
        "Verified",
    ):
        table.add_column(heading, justify="right" if heading in _FIGURES else "left", no_wrap=heading != "Title")
    for one in stored:
        table.add_row(*_row(one, is_wide), style="bold" if one.path else None)
    console.print(table)


_WIDE = 140
_FIGURES = ("Size", "Memory", "Context")


def _row(one: "StoredModel", is_wide: bool) -> list[str]:
    entry = one.entry
    size = f"{entry.size_bytes / 1e9:.1f} GB" if entry.size_bytes else "?"
    arrived = f"{one.partial_bytes / 1e9:.1f} GB" if one.partial_bytes else "no"
    return [
        entry.name,
        *([entry.title] if is_wide else []),
        size,
        f"{entry.memory_gb:g} GB",
        entry.licence,
        f"{entry.context_tokens:,}",
        "yes" if one.path else arrived,
        _VERIFIED[entry.confidence],
    ]


def _plain(one: "StoredModel", is_default: bool) -> dict[str, Any]:
    entry = one.entry
    copied = (
        "name", "title", "publisher", "licence", "quantisation", "parameters_b", "context_tokens", "size_bytes",
        "memory_gb", "confidence", "page", "note",
    )  # fmt: skip
    return {key: getattr(entry, key) for key in copied} | {
        "default": is_default,
        "here": one.path is not None,
        "path": str(one.path) if one.path else None,
        "partial_bytes": one.partial_bytes,
        "sha256": one.sha256,
        "verified": entry.confidence == "measured",
    }
