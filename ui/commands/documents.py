"""`weighbridge knowledge add`, `list`, `remove` and `facts`: the user's own documents. They stay on this machine."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tools.errors import InvalidInput
from ui.cli import print_json, settings_of

if TYPE_CHECKING:
    from agent.documents.offer import Offer
    from agent.documents.offers import OfferBook
    from knowledge.documents.library import Library, OwnDocument
    from ui.settings import Settings


@click.command("add")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print what was added as JSON.")
@click.pass_context
def add_command(ctx: click.Context, files: tuple[Path, ...], as_json: bool) -> None:
    """Add FILES of your own: PDF, DOCX, Markdown, HTML or text. They are kept on this machine only."""
    from ui.progress import count_progress

    settings = settings_of(ctx)
    library, book = _opened(settings)
    added, refused = [], []
    for file in files:
        try:
            with count_progress(f"Reading {file.name}") as progress:
                document = library.add(file, settings.today(), progress)
            with count_progress(f"Looking for rules in {document.name}") as progress:
                offers = book.read(document, progress)
        except InvalidInput as error:
            refused.append(str(error))
            continue
        added.append((document, offers))
        if not as_json:
            _say_added(document, offers)
    if as_json:
        print_json([{**_plain(document), "facts": [one.to_json() for one in offers]} for document, offers in added])
    if refused:
        raise InvalidInput("\n".join(refused))


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print the documents as JSON.")
@click.pass_context
def list_command(ctx: click.Context, as_json: bool) -> None:
    """List your own documents."""
    library, _ = _opened(settings_of(ctx))
    documents = library.documents()
    if as_json:
        print_json([_plain(document) for document in documents])
        return
    for document in documents:
        pages = f", {document.pages} pages" if document.pages else ""
        click.echo(f"{document.name}  ({document.kind}{pages}, added {document.added})")
    if not documents:
        click.echo("No documents yet. Add one: weighbridge knowledge add FILE")


@click.command("remove")
@click.argument("names", nargs=-1, required=True)
@click.pass_context
def remove_command(ctx: click.Context, names: tuple[str, ...]) -> None:
    """Remove documents by NAME, with their passages and what was offered from them."""
    library, _ = _opened(settings_of(ctx))
    for name in names:
        document = library.remove(name)
        click.echo(f"Removed {document.name}. What you confirmed from it in a conversation stays there as your word.")


@click.command("facts")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
@click.pass_context
def facts_command(ctx: click.Context, as_json: bool) -> None:
    """List the facts that your documents state. The interview offers them; none is noted unless you agree."""
    _, book = _opened(settings_of(ctx))
    offers = book.current()
    if as_json:
        print_json([offer.to_json() for offer in offers])
        return
    for offer in offers:
        click.echo(_offer_line(offer))
    if not offers:
        click.echo("Your documents state no fact that could be offered.")


def _opened(settings: "Settings") -> "tuple[Library, OfferBook]":
    from agent.documents.offers import OfferBook
    from ui.settings import build_embedder, build_library, build_reader

    embedder = build_embedder()
    library = build_library(settings, embedder)
    return library, OfferBook(library, build_reader(settings, None))


def _say_added(document: "OwnDocument", offers: "list[Offer]") -> None:
    pages = f", {document.pages} pages" if document.pages else ""
    click.echo(f"Added {document.name} ({document.kind}{pages}). It stays on this machine.")
    for sentence in document.held:
        click.echo(f"  Held back, because it speaks to a language model: “{_short(sentence)}”")
    for offer in offers:
        click.echo(f"  {_offer_line(offer)}")
    if offers:
        click.echo("  The interview asks you before it notes any of these.")


def _offer_line(offer: "Offer") -> str:
    from agent.wording import fact_words
    from tools.facts import check_value, spec_of

    words = fact_words(offer.fact, check_value(spec_of(offer.fact), offer.value))
    return f"{offer.place}: “{_short(offer.quote)}” → {words}"


def _short(text: str) -> str:
    return text if len(text) <= 160 else f"{text[:159]}…"


def _plain(document: "OwnDocument") -> dict[str, Any]:
    return {
        "name": document.name,
        "id": document.id,
        "kind": document.kind,
        "pages": document.pages,
        "bytes": document.size,
        "added": document.added,
        "held_back": list(document.held),
    }
