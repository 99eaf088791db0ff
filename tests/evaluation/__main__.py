"""Evaluates in the open: reading, interviews, asking, guidance. `make eval`, or python -m tests.evaluation.

The first two tables of a part sum it up and are what `--write` puts on the page; the rest is for the terminal.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.evaluation import page, parts
from tests.evaluation.cases import DEVELOPMENT, SETS
from tests.evaluation.parts import Result, Wishes
from tests.evaluation.readers import read_settings
from ui.environment import quieten
from ui.settings import NO_MODEL

PARTS: Mapping[str, Callable[[Wishes], Result]] = {
    "reading": parts.run_reading,
    "interviews": parts.run_interviews,
    "asking": parts.run_asking,
    "knowledge": parts.run_knowledge,
}


def main(words: Sequence[str] | None = None) -> int:
    """Run the parts that are named, or all, and show what they found."""
    quieten(os.environ)
    options = _parser().parse_args(words)
    wishes = Wishes(
        models=[NO_MODEL] if options.no_model else options.models,
        sets=options.sets or ["dev"],
        limit=options.limit,
        details=options.details,
        recognisers_only=options.recognisers_only,
    )
    found: dict[str, Result] = {}
    try:
        for name in options.parts or PARTS:
            found[name] = PARTS[name](wishes)
            _show(found[name], wishes.details)
    finally:  # what took minutes to measure is kept, whatever a later part runs into
        _keep(found, options, sys.argv[1:] if words is None else list(words))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.evaluation", description=__doc__)
    parser.add_argument("parts", nargs="*", type=_part, metavar="PART", help=f"{', '.join(PARTS)}; or all")
    parser.add_argument(
        "--set",
        dest="sets",
        action="append",
        metavar="SET",
        help=f"messages: {', '.join(SETS)} or a file of tests/cases",
    )
    parser.add_argument(
        "--models", type=lambda text: text.split(","), default=[], help="names or GGUF paths, by commas"
    )
    parser.add_argument("--no-model", action="store_true", help="measure without a language model only")
    parser.add_argument("--limit", type=int, help="at most so many messages, users or organisations")
    parser.add_argument("--recognisers-only", action="store_true", help="read without what was learnt from examples")
    parser.add_argument("--details", action="store_true", help="show every message and interview that went wrong")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure and conversation to FILE")
    parser.add_argument("--write", action="store_true", help=f"add the tables to {page.PAGE.parent.name}/evaluation.md")
    parser.epilog = f"Without --set: dev. Looked at during development: {', '.join(DEVELOPMENT)}."
    return parser


def _part(text: str) -> str:
    if text not in PARTS:
        raise argparse.ArgumentTypeError(f"{text!r}: expected {', '.join(PARTS)}")
    return text


def _show(result: Result, details: bool) -> None:
    for table in result.tables:
        print(table.text(), end="\n\n", flush=True)
    lines = result.lines if details or not result.tables else ()
    if lines:
        print("\n".join(lines), end="\n\n", flush=True)


def _keep(found: Mapping[str, Result], options: argparse.Namespace, words: Sequence[str]) -> None:
    """Write the files that were wished for."""
    if options.json and found:
        plain = {name: result.plain for name, result in found.items()} | {"machine": page.machine()}
        options.json.write_text(json.dumps(plain, indent=1, ensure_ascii=False, default=list), encoding="utf-8")
    if options.write and found:
        tables = [table for result in found.values() for table in result.tables[:2]]
        given = " ".join(word for word in words if word != "--write")
        command = f'make eval ARGS="{given}"' if given else "make eval"
        page.write(page.section(", ".join(found), command, read_settings().today(), tables))


if __name__ == "__main__":
    sys.exit(main())
