"""`weighbridge knowledge build`, `search` and `ask`: the indexes, their passages, and answers from them."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click

from tools.errors import InvalidInput
from ui.cli import print_json, settings_of
from ui.commands.documents import add_command, facts_command, list_command, remove_command
from ui.files import read_structured, read_text
from ui.settings import Settings


@click.group("knowledge")
def knowledge_command() -> None:
    """Keep the guidance's index and your own documents."""


for _command in (add_command, list_command, remove_command, facts_command):
    knowledge_command.add_command(_command)

_guidance_only = click.option("--guidance-only", is_flag=True, help="Leave your own documents out.")


@knowledge_command.command("build")
@click.pass_context
def build_command(ctx: click.Context) -> None:
    """Build the index of the guidance and of your own documents; nothing is done when they are current."""
    from knowledge.index import build_index
    from ui.progress import count_progress
    from ui.settings import build_embedder, build_library

    settings, embedder = settings_of(ctx), build_embedder()
    with count_progress("Embedding the guidance") as progress:
        report = build_index(settings.index_folder, embedder, progress)
    build_library(settings, embedder).rebuild()
    done = f"built in {report.seconds:.1f} s" if report.rebuilt else "up to date"
    click.echo(f"Guidance index: {report.passages} passages, {done}")


@click.command("search")
@click.argument("query", required=False)
@click.option("-k", "count", type=click.IntRange(1, 50), default=3, show_default=True, help="How many passages.")
@click.option("--json", "as_json", is_flag=True, help="Print the passages as JSON.")
@click.option(
    "--file",
    "file",
    type=click.Path(path_type=Path),
    help="Many queries, one a line or a YAML list; one JSON line each.",
)
@_guidance_only
@click.pass_context
def search_command(
    ctx: click.Context, query: str | None, count: int, as_json: bool, file: Path | None, guidance_only: bool
) -> None:
    """Find the passages of the guidance and of your own documents nearest to QUERY."""
    from ui.settings import build_embedder, build_retriever

    retriever = build_retriever(_chosen(ctx, guidance_only), build_embedder())
    if file is not None:
        for line in _queries(file):
            print_json([_plain(p) for p in retriever.search(line, count)], line=True)
        return
    if not query or not query.strip():
        raise InvalidInput("QUERY: expected a question or key words, got nothing")
    passages = retriever.search(query, count)
    if as_json:
        print_json([_plain(p) for p in passages])
        return
    for passage in passages:
        click.echo(f"{passage.title}  [{passage.id}, {passage.score:.2f}, {passage.source}]\n{passage.text}\n")
    if not passages:
        click.echo("Nothing in the guidance is relevant to that.")


@click.command("ask")
@click.argument("question")
@click.option("--json", "as_json", is_flag=True, help="Print the answer and its citations as JSON.")
@_guidance_only
@click.pass_context
def ask_command(ctx: click.Context, question: str, as_json: bool, guidance_only: bool) -> None:
    """Answer QUESTION from the guidance and your own documents, with citations that say which."""
    from agent.answer import answer_question
    from ui.settings import build_embedder, build_model, build_retriever

    if not question.strip():
        raise InvalidInput("QUESTION: expected a question, got nothing")
    settings, embedder = _chosen(ctx, guidance_only), build_embedder()
    passages = build_retriever(settings, embedder).search(question, 3)
    if not passages:
        nothing = "The guidance says nothing about that."
        print_json({"text": nothing, "citations": []}) if as_json else click.echo(nothing)
        return
    model = build_model(settings)
    try:
        answer = answer_question(question, passages, embedder, model)
    finally:
        if model is not None:
            model.close()
    if as_json:
        print_json({"text": answer.text, "citations": [asdict(c) for c in answer.citations]})
        return
    click.echo(answer.text)
    for citation in answer.citations:
        click.echo(f"  [{citation.id}] {citation.title}: \u201c{citation.quote}\u201d")


def _chosen(ctx: click.Context, guidance_only: bool) -> Settings:
    settings = settings_of(ctx)
    return replace(settings, own_documents=False) if guidance_only else settings


def _queries(file: Path) -> list[str]:
    if file.suffix in (".yaml", ".yml", ".json"):
        entries = read_structured(file)
        if not isinstance(entries, list) or not all(isinstance(entry, str) for entry in entries):
            raise InvalidInput(f"{file}: expected a list of texts")
        return entries
    return [line.strip() for line in read_text(file).splitlines() if line.strip()]


def _plain(passage: Any) -> dict[str, Any]:
    return {key: getattr(passage, key) for key in ("id", "title", "text", "score", "source")}
