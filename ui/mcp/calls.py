"""The tools that the protocol offers: those of the registry, and three of the whole product. It knows no transport."""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pydantic import Field

from knowledge.articles import TOPICS
from tools.assess import assess
from tools.errors import InvalidInput
from tools.facts import FactSpec, Scope, fact_dictionary, spec_of
from tools.portfolio_file import portfolio_from_plain, portfolio_notes
from tools.portfolio_schema import portfolio_schema
from tools.registry import Json, Tool, tools
from tools.tool_arguments import Arguments
from ui.mcp.digest import digest

if TYPE_CHECKING:
    from agent.context import Searches


def _with_portfolio(schema: dict[str, Any]) -> None:
    schema.update(portfolio_schema())


def _with_topics(schema: dict[str, Any]) -> None:
    schema["items"] = {"type": "string", "enum": list(TOPICS)}


class AssessArguments(Arguments):
    """Arguments of assess: a portfolio, as its file has it."""

    portfolio: dict[str, Any] = Field(
        description="the workloads to decide and the organization that runs them; leave out facts that nobody stated",
        json_schema_extra=_with_portfolio,
    )
    as_of: str | None = Field(default=None, description="assess on this date, YYYY-MM-DD; today when left out")
    flips: bool = Field(default=True, description="also search what would change each verdict; false is faster")


class FactsArguments(Arguments):
    """Arguments of facts: which of them."""

    keys: list[str] = Field(default=[], description="only these facts; all when left out")
    scope: Scope | None = Field(default=None, description="only the facts of the organization, or of a workload")


class SearchArguments(Arguments):
    """Arguments of search."""

    query: str = Field(description="a question or key words")
    count: int = Field(default=3, ge=1, le=20, description="at most how many passages")
    topics: list[str] = Field(default=[], description="only passages on these topics", json_schema_extra=_with_topics)


def calls(retriever: "Callable[[], Searches]") -> Mapping[str, Tool]:
    """Return every tool by name; the retriever is built at the first search."""

    def search(args: SearchArguments, _: date) -> Json:
        if not args.query.strip():
            raise InvalidInput("search: query: expected a question or key words, got nothing")
        passages = retriever().search(args.query, args.count, args.topics or None)
        shown = ("id", "title", "text", "score", "source")
        return {"passages": [{key: getattr(passage, key) for key in shown} for passage in passages]}

    own = (
        Tool(
            "assess",
            "Decide where each workload of a portfolio should run: the verdict with its probability, money as ranges, "
            "what rules options out, break-even, what would change it, and the next question worth asking.",
            AssessArguments,
            _assess,
        ),
        Tool(
            "facts",
            "The facts that a portfolio may state: their values and units, how to ask for them, and what is assumed "
            "of each that nobody stated.",
            FactsArguments,
            _facts,
        ),
        Tool(
            "search",
            "Passages of the guidance that answer a question, with their sources; none when it treats nothing like it.",
            SearchArguments,
            search,
        ),
    )
    return MappingProxyType({tool.name: tool for tool in (*own, *tools().values())})


def _assess(args: AssessArguments, today: date) -> Json:
    day = _day(args.as_of) if args.as_of is not None else today
    portfolio = portfolio_from_plain(args.portfolio, "portfolio")
    notes = portfolio_notes(portfolio)
    return digest(assess(portfolio, day, with_flips=args.flips)) | ({"notes": notes} if notes else {})


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(f"assess: as_of: {text!r} does not fit; expected a date YYYY-MM-DD") from None


def _facts(args: FactsArguments, _: date) -> Json:
    specs = [spec_of(key, "facts: keys") for key in args.keys] or list(fact_dictionary().values())
    return {"facts": [fact_to_json(spec) for spec in specs if args.scope in (None, spec.scope)]}


def fact_to_json(spec: FactSpec) -> Json:
    """Return an entry of the dictionary, without what is empty."""
    plain = spec.model_dump(mode="json", exclude_none=True) | {"expected": spec.expected()}
    return {key: value for key, value in plain.items() if value not in ("", [], {})}
