"""The deterministic tools by name: arguments in, plain JSON out. It knows no command line and no agent."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import BaseModel, ValidationError

from tools import tool_arguments as arguments
from tools.errors import InvalidInput, UnknownName

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool: what it is for, what it takes, and what it does with it on a date."""

    name: str
    description: str
    arguments: type[BaseModel]
    run: Callable[[Any, date], Json]

    def listing(self) -> Json:
        """Return name, description and the JSON schema of the arguments."""
        schema = self.arguments.model_json_schema()
        return {"name": self.name, "description": self.description, "input_schema": schema}

    def answer(self, args: Mapping[str, Any], as_of: date) -> Json:
        """Check the arguments and run; InvalidInput names the key and what was expected."""
        if not isinstance(args, Mapping):
            raise InvalidInput(f"{self.name}: expected an object of arguments, got {type(args).__name__}")
        try:
            checked = self.arguments.model_validate(dict(args))
        except ValidationError as error:
            raise InvalidInput(f"{self.name}: {_first_problem(error, self.arguments)}") from error
        return self.run(checked, as_of)


def list_tools() -> list[Json]:
    """Return every tool with the JSON schema of its arguments."""
    return [tool.listing() for tool in tools().values()]


def run_tool(name: str, args: Mapping[str, Any], as_of: date) -> Json:
    """Run one tool by its name."""
    if name not in tools():
        raise UnknownName.of("tool", name, tools())
    return tools()[name].answer(args, as_of)


def _first_problem(error: ValidationError, model: type[BaseModel]) -> str:
    problems = error.errors(include_url=False)
    # A misspelt key also leaves the right one missing; the misspelling is what to tell.
    first = next((problem for problem in problems if problem["type"] == "extra_forbidden"), problems[0])
    key = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return f"{key}: unknown argument; expected {', '.join(model.model_fields)}"
    field = model.model_fields.get(str(first["loc"][0])) if first["loc"] else None
    expected = f" ({field.description})" if field and field.description else ""
    return f"{key}: {first['msg']}{expected}"


def tools() -> dict[str, Tool]:
    """Return the tools by name, in the order in which they are listed."""
    return {tool.name: tool for tool in _TOOLS}


def _run_api_cost(args: arguments.ApiCostArguments, as_of: date) -> Json:
    from tools.api_cost import api_cost
    from tools.catalogue.retirements import retirement_of

    cost = api_cost(
        args.model,
        args.input_tokens,
        args.output_tokens,
        cache_read_tokens=args.cache_read_tokens,
        cache_write_tokens=args.cache_write_tokens,
        cache_write_1h_tokens=args.cache_write_1h_tokens,
        requests=args.requests,
        batch=args.batch,
        processing=args.processing,
        hour_utc=args.hour_utc,
        on=_day(args.on) if args.on else as_of,
    )
    lines = [
        {
            "name": line.name,
            "quantity": float(line.quantity),
            "unit": line.unit,
            "unit_price_usd": float(line.unit_price_usd),
            "amount_usd": float(line.amount_usd),
            "source": line.source,
        }
        for line in cost.lines
    ]
    told = {"note": cost.note} if cost.note else {}
    withdrawn = retirement_of(cost.ref.provider_id, cost.ref.model)
    if withdrawn is not None:
        told["warning"] = f"{cost.ref} is withdrawn on {withdrawn} according to its platform"
    return {
        "usd": float(cost.usd),
        "provider": cost.ref.provider_id,
        "model": cost.ref.model,
        "lines": lines,
        **told,
    }


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(f"api_cost: on: {text!r} does not fit; expected a date YYYY-MM-DD") from None


def _run_kv_cache(args: arguments.KvCacheArguments, as_of: date) -> Json:
    from tools.catalogue.architectures import Architecture, find_sized
    from tools.sizing import kv_cache_bytes, named_kv_bytes

    given = (args.layers, args.kv_heads, args.head_dim)
    if args.model is not None:
        if any(value is not None for value in given):
            raise InvalidInput("kv_cache: model: expected either model, or layers, kv_heads and head_dim")
        model = find_sized(args.model)
        size = named_kv_bytes(model, args.tokens, args.bytes_per_value)
        told = {"model": model.id, "source": model.source, "confidence": model.confidence}
        if isinstance(model, Architecture):
            return {"bytes": _whole(size), **told, **({"note": model.note} if model.note else {})}
        state = {"state_bytes_per_request": _whole(model.state_bytes_per_request)}
        return {"bytes": _whole(size), **(state if model.state_bytes_per_request else {}), **told}
    if args.layers is None or args.kv_heads is None or args.head_dim is None:
        raise InvalidInput("kv_cache: expected model, or all of layers, kv_heads and head_dim")
    size = kv_cache_bytes(args.layers, args.kv_heads, args.head_dim, args.tokens, args.bytes_per_value)
    return {"bytes": _whole(size)}


def _run_serving_memory(args: arguments.ServingMemoryArguments, as_of: date) -> Json:
    from tools.catalogue.architectures import find_sized
    from tools.sizing import serving_memory

    memory = serving_memory(
        args.bits_per_weight,
        args.tokens,
        args.concurrency,
        model=find_sized(args.model) if args.model is not None else None,
        parameters_b=args.parameters_b,
    )
    return {
        "weights_bytes": _whole(memory.weights_bytes),
        "kv_bytes": _whole(memory.kv_bytes),
        "overhead_bytes": _whole(memory.overhead_bytes),
        "total_bytes": _whole(memory.total_bytes),
        "basis": memory.basis,
        **({"state_bytes": _whole(memory.state_bytes)} if memory.state_bytes else {}),
    }


def _run_throughput(args: arguments.ThroughputArguments, as_of: date) -> Json:
    from tools.catalogue.accelerators import find_accelerator
    from tools.catalogue.open_models import find_open_model
    from tools.throughput import estimate_throughput, precision_note

    model, gpu = find_open_model(args.model), find_accelerator(args.gpu)
    speed = estimate_throughput(
        model, gpu, args.count, args.precision, args.input_len, args.output_len, args.concurrency
    )
    fits = speed.output_tokens_per_second > 0
    note = "; ".join(part for part in (precision_note(gpu, args.precision), speed.note) if part)
    return {
        "output_tokens_per_second": speed.output_tokens_per_second,
        "first_token_ms": speed.first_token_ms if fits else None,
        "per_token_ms": speed.per_token_ms if fits else None,
        "basis": speed.basis,
        "error": speed.error,
        "model": model.id,
        "gpu": gpu.id,
        "requests_at_once": speed.batch,
        "source": speed.source,
        **({"note": note} if note else {}),
    }


def _run_break_even(args: arguments.BreakEvenArguments, as_of: date) -> Json:
    from tools.break_even import break_even

    point = break_even(
        args.api_usd_per_million,
        args.fixed_usd_per_month,
        args.marginal_usd_per_million,
        args.capacity_tokens_per_month,
    )
    return {"tokens_per_month": point.tokens_per_month, "reason": point.reason}


def _run_license(args: arguments.LicenseArguments, as_of: date) -> Json:
    from tools.facts import check_value, spec_of
    from tools.licence_answer import answer

    raw = args.model_dump(exclude={"model"}, exclude_none=True)
    facts = {key: check_value(spec_of(key, "license"), value, "license") for key, value in raw.items()}
    return answer(args.model, facts)


def _run_availability(args: arguments.AvailabilityArguments, as_of: date) -> Json:
    from tools.availability import DAYS_PER_YEAR, availability, downtime_minutes

    uptime = availability(args.uptimes, args.any_of)
    return {
        "uptime": uptime,
        "downtime_minutes_per_month": downtime_minutes(uptime),
        "downtime_minutes_per_30_days": downtime_minutes(uptime, 30),
        "downtime_minutes_per_year": downtime_minutes(uptime, DAYS_PER_YEAR),
        "formula": "1 - product of (1 - uptime)" if args.any_of else "product of the uptimes",
        "assumes": "parts that fail independently of each other",
    }


def _whole(number: float) -> float:
    return int(number) if float(number).is_integer() else number


_TOOLS = (
    Tool(
        "api_cost",
        "What requests to a token-priced model cost, line by line, with tiers, cache, batch and processing, by date.",
        arguments.ApiCostArguments,
        _run_api_cost,
    ),
    Tool(
        "kv_cache",
        "Bytes of key-value cache for an architecture or an open model.",
        arguments.KvCacheArguments,
        _run_kv_cache,
    ),
    Tool(
        "serving_memory",
        "Memory to serve a model: weights, cache and overhead, in bytes.",
        arguments.ServingMemoryArguments,
        _run_serving_memory,
    ),
    Tool(
        "throughput",
        "Speed of one copy of an open model on accelerators, with its error.",
        arguments.ThroughputArguments,
        _run_throughput,
    ),
    Tool(
        "break_even",
        "Tokens per month at which own servers cost as much as an API, or why that never happens.",
        arguments.BreakEvenArguments,
        _run_break_even,
    ),
    Tool(
        "license",
        "Whether a model's licence allows a commercial use, rule by rule, with clauses.",
        arguments.LicenseArguments,
        _run_license,
    ),
    Tool(
        "availability",
        "Share of time that parts are up together: all needed, or any one enough.",
        arguments.AvailabilityArguments,
        _run_availability,
    ),
)
