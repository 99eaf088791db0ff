"""How many tokens a workload moves, per request, month and peak hour. It knows no price."""

from dataclasses import dataclass, fields, replace

import numpy as np

from tools.assumptions import assumption
from tools.draws import Draws, Floats, Which, part_of


@dataclass(frozen=True, slots=True)
class Volume:
    """Volumes per draw; requests and tokens are those of an average month of the first twelve.

    `input_tokens`, `output_tokens`: per request. `cached_share`: 0 to 1 of the input.
    `requests_per_month`: requests. `growth_factors`: shape (12, draws), volume of each month over month one.
    `peak_first_month`: requests per second in the busiest hour of the first month.
    """

    requests_per_month: Floats
    input_tokens: Floats
    output_tokens: Floats
    cached_share: Floats
    growth_factors: Floats
    peak_first_month: Floats
    contradiction: str = ""

    def scaled(self, share: Floats) -> "Volume":
        """Return the volume with a share of the requests."""
        return replace(
            self,
            requests_per_month=np.asarray(self.requests_per_month * share),
            peak_first_month=np.asarray(self.peak_first_month * share),
        )

    def part(self, which: Which) -> "Volume":
        """Return the volume in some of the draws."""
        arrays = [field.name for field in fields(self) if field.name != "contradiction"]
        return replace(self, **{name: part_of(getattr(self, name), which) for name in arrays})

    @property
    def first_month_tokens(self) -> Floats:
        """Tokens of the first month, input and output together."""
        return self.requests_per_month * (self.input_tokens + self.output_tokens)

    @property
    def peak_requests_per_second(self) -> Floats:
        """Requests per second in the busiest hour of the busiest month."""
        return np.asarray(self.peak_first_month * self.growth_factors.max(axis=0))

    @property
    def average_growth(self) -> Floats:
        """Mean volume of the twelve months over month one."""
        return np.asarray(self.growth_factors.mean(axis=0))


def _output_tokens(draws: Draws) -> Floats:
    """Draw the length of an answer by the kind of task where nobody stated it."""
    if "output_tokens" in draws.known:
        return draws.number("output_tokens")
    table = assumption("output_tokens_by_task").value
    column = draws.column("output_tokens")
    low, usual, high = (draws.code_table("task", {task: bounds[i] for task, bounds in table.items()}) for i in range(3))
    below = np.log(low) + (np.log(usual) - np.log(low)) * np.minimum(column, 0.5) * 2
    above = (np.log(high) - np.log(usual)) * np.maximum(column - 0.5, 0.0) * 2
    drawn = np.exp(below + above)
    # A translation is about as long as its source, however long that is.
    shortest, longest = assumption("translation_ratio").value
    translated = draws.number("input_tokens") * (shortest + (longest - shortest) * column)
    return np.asarray(np.where(draws.is_value("task", "translation"), translated, drawn))


def longest_request(draws: Draws) -> Floats:
    """Return the tokens of the longest request: what was said or drawn, and no less than the stated usual one."""
    stated = [draws.number(key) for key in ("input_tokens", "output_tokens") if key in draws.known]
    return np.asarray(np.maximum(draws.number("context_tokens"), sum(stated, np.asarray(0.0))))


def resolve_volume(draws: Draws) -> Volume:
    """Bring requests, lengths and tokens per month together; the stated ones win over the drawn ones."""
    days = assumption("days_per_month").number
    inputs, outputs = draws.number("input_tokens"), _output_tokens(draws)
    requests = draws.number("requests_per_day") * days
    contradiction = ""
    if "tokens_per_month" in draws.known:
        total = draws.number("tokens_per_month")
        if "requests_per_day" not in draws.known:
            requests = total / (inputs + outputs)
        elif "input_tokens" in draws.known and "output_tokens" in draws.known:
            contradiction = _contradiction(total, requests, inputs + outputs)
        else:
            inputs, outputs = _fit_lengths(draws, total / np.maximum(requests, 1e-9), inputs, outputs)
    growth = draws.number("monthly_growth")
    months = np.arange(int(assumption("horizon_months").number)).reshape(-1, 1)
    factors = np.power(np.maximum(1.0 + growth, 0.0), months)
    peak = requests / (days * 86400.0) * draws.number("peak_factor")
    return Volume(
        np.asarray(requests), inputs, outputs, draws.number("cached_share"), factors, np.asarray(peak), contradiction
    )


def _fit_lengths(draws: Draws, per_request: Floats, inputs: Floats, outputs: Floats) -> tuple[Floats, Floats]:
    """Scale the unstated length so that requests times lengths meet the stated tokens per month."""
    if "input_tokens" in draws.known:
        return inputs, np.maximum(per_request - inputs, 1.0)
    if "output_tokens" in draws.known:
        return np.maximum(per_request - outputs, 1.0), outputs
    scale = per_request / (inputs + outputs)
    return np.maximum(inputs * scale, 1.0), np.maximum(outputs * scale, 1.0)


def _contradiction(total: Floats, requests: Floats, per_request: Floats) -> str:
    """Say so when the stated tokens per month and requests times lengths are over a factor 1.5 apart."""
    computed, stated = float(np.mean(requests * per_request)), float(np.mean(total))
    ratio = max(computed, stated) / max(min(computed, stated), 1e-9)
    if ratio <= 1.5:
        return ""
    return (
        f"requests per day and tokens per request give {computed:,.0f} tokens a month, but {stated:,.0f} "
        "were stated; the requests and lengths are used. Please check which is right."
    )
