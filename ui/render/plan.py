"""Words the plan for all workloads together, and the figures that the user replaced. It computes no figure."""

from collections.abc import Iterator, Mapping
from typing import Any

from agent.wording import deployment_words, number_words, usd_words
from tools.assessment import PortfolioPlan
from tools.assumptions import listed_assumptions
from ui.render.document import OwnRow, Plan, PlannedRow
from ui.render.rows import line_rows


def plan_of(plan: PortfolioPlan) -> Plan:
    """Return the plan in words."""
    return Plan(
        summary=" ".join(_summary(plan)),
        total=usd_words(plan.monthly_usd),
        saved=usd_words(plan.saved_usd) if plan.saved_usd >= 1 else "",
        rows=tuple(
            PlannedRow(
                name=planned.name,
                place=deployment_words(planned.deployment),
                model=planned.model,
                where=planned.hardware or planned.provider,
                differs="differs from the choice alone" if planned.differs else "",
            )
            for planned in plan.workloads
        ),
        lines=line_rows(plan.lines),
    )


def own_rows(own: Mapping[str, Any]) -> tuple[OwnRow, ...]:
    """Return the figures of the user's own, each beside the listed one."""
    return tuple(
        OwnRow(" ".join(path).replace("_", " "), _figures(value), _figures(_listed(path)), _unit(path[0]))
        for key, whole in own.items()
        for path, value in _leaves((key,), whole)
    )


def _summary(plan: PortfolioPlan) -> Iterator[str]:
    yield f"Planned together: {usd_words(plan.monthly_usd)} a month on average."
    if plan.saved_usd >= 1:
        yield (
            f"Each workload on its own would come to {usd_words(plan.separate_usd)}; "
            f"sharing servers and team saves {usd_words(plan.saved_usd)}."
        )
    if plan.all_api_usd is not None:
        yield f"On APIs only it would be {usd_words(plan.all_api_usd)}."
    if plan.engineers > 0:
        yield f"The platform takes {number_words(round(plan.engineers, 2))} of an engineer's full time."
    if plan.gap > 0.0005:
        yield f"Another plan could at most be {plan.gap:.1%} cheaper."


def _leaves(path: tuple[str, ...], value: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _leaves((*path, name), inner)
    else:
        yield path, value


def _listed(path: tuple[str, ...]) -> Any:
    value = listed_assumptions()[path[0]].value
    for name in path[1:]:
        value = value[name]
    return value


def _unit(key: str) -> str:
    return listed_assumptions()[key].unit


def _figures(value: Any) -> str:
    items = value if isinstance(value, list) else [value]
    return " ".join(f"{item:.10g}" if isinstance(item, int | float) else str(item) for item in items)
