"""How fast a vendor's API answers: the wait for the first token and the pace after it. It knows no distance or load.

The nearest measurement speaks: the same vendor and model; the vendor's older model of the line; the median over the
hosts of an open model; the same model elsewhere; and, where nothing was measured, a figure for the class, marked a
judgement. Hosts known for their speed speak for nobody else.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from tools.catalogue.open_models import open_models
from tools.catalogue.proprietary import proprietary_models
from tools.catalogue.records import STRICT_KEYS, Confidence, by_id, load_records
from tools.catalogue.vendors import vendors
from tools.data_files import load_table
from tools.errors import InvalidInput

FILE = "api_speed.yaml"
ANY_HOST = "*"
Positive = Annotated[float, Field(gt=0.0)]


@dataclass(frozen=True, slots=True)
class ApiSpeed:
    """How fast one model answers at one vendor, in seconds and tokens a second; None is unknown.

    `thinking_seconds_p50` is the wait for the first token when the model thinks at high effort before it answers.
    """

    vendor: str
    model: str
    first_token_seconds_p50: float
    first_token_seconds_p95: float | None
    output_tokens_per_second: float | None
    thinking_seconds_p50: float | None
    kind: str  # measured | estimated | judged
    basis: str
    source: str
    checked: date
    confidence: str

    def answer_seconds(self, output_tokens: float) -> float:
        """Return the usual wait for a whole answer of so many tokens, at the median and without thinking."""
        pace = self.output_tokens_per_second
        return self.first_token_seconds_p50 + (output_tokens / pace if pace else 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredSpeed:
    """One source's figures for a model at a vendor; at least one figure is there."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    vendor: str
    model: str
    first_token: Positive | None = None
    first_token_p95: Positive | None = None
    first_token_thinking: Positive | None = None
    tokens_per_second: Positive | None = None
    dated: date
    source: str
    confidence: Confidence

    def __post_init__(self) -> None:
        """Refuse a row that says nothing."""
        if self.first_token is None and self.tokens_per_second is None:
            raise ValueError("neither first_token nor tokens_per_second is given")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassSpeed:
    """What is assumed for a class of models and hosts."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    id: str
    first_token: Positive
    tokens_per_second: Positive | None = None
    checked: date
    source: str
    confidence: Confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeedKin:
    """The models whose figures speak for one where its own are missing, the nearest first."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    model: str
    of: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tails:
    """How many times the median the 95th percentile of the first token is, by vendor."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    dated: date
    source: str
    confidence: Confidence
    multiples: Mapping[str, Annotated[float, Field(ge=1.0)]]


@cache
def measured_speeds() -> tuple[MeasuredSpeed, ...]:
    """Load the measurements, the newest first."""
    rows = load_records(FILE, "measured", MeasuredSpeed)
    return tuple(sorted(rows, key=lambda row: row.dated, reverse=True))


@cache
def class_speeds() -> Mapping[str, ClassSpeed]:
    """Load what is assumed by class."""
    return by_id(FILE, load_records(FILE, "classes", ClassSpeed))


@cache
def speed_kin() -> Mapping[str, tuple[str, ...]]:
    """Load whose figures speak for whom."""
    return {entry.model: entry.of for entry in load_records(FILE, "kin", SpeedKin)}


@cache
def tails() -> Tails:
    """Load the multiples of the median."""
    try:
        return TypeAdapter(Tails).validate_python(load_table(FILE)["tails"])
    except ValidationError as error:
        raise InvalidInput(f"tools/data/{FILE}: tails: {error.errors(include_url=False)[0]['msg']}") from error


@cache
def api_speed(vendor_id: str, model_id: str) -> ApiSpeed | None:
    """Return how fast a model of either catalogue answers at a vendor; None when either is unknown.

    Each figure is the nearest one on record; those that no measurement gives are the class's.
    """
    if vendor_id not in vendors() or not (model_id in open_models() or model_id in proprietary_models()):
        return None
    assumed = class_speeds()[_class_of(vendor_id, model_id)]
    found = list(_candidates(vendor_id, model_id))
    if not found:
        return ApiSpeed(
            vendor_id, model_id, assumed.first_token, None, assumed.tokens_per_second, None, "judged",
            f"judged: no measurement is known; the class {assumed.id}", assumed.source, assumed.checked,
            assumed.confidence,
        )  # fmt: skip
    return _from_measurements(vendor_id, model_id, found, assumed)


def _candidates(vendor_id: str, model_id: str) -> Iterator[tuple[str, MeasuredSpeed]]:
    """Yield the measurements that may speak, the nearest first, each with how far it is from what was asked."""
    name = _weights_of(model_id)
    related = speed_kin().get(name, ())
    yield from (("", row) for row in _rows(vendor_id, name))
    yield from ((f"of {kin}", row) for kin in related for row in _rows(vendor_id, kin))
    if vendor_id in load_table(FILE)["fast_hosts"]:
        return  # what others reach says nothing about chips of its own
    for other in (name, *related):
        of = "" if other == name else f"of {other} "
        yield from ((f"{of}median over hosts", row) for row in _rows(ANY_HOST, other))
        yield from ((f"{of}at another vendor", row) for row in _rows(None, other) if row.vendor != ANY_HOST)


def _rows(vendor_id: str | None, name: str) -> Sequence[MeasuredSpeed]:
    table = load_table(FILE)
    alone = {*table["fast_hosts"], *table["tuned_hosts"]}
    return [
        row
        for row in measured_speeds()
        if row.model == name and (row.vendor == vendor_id or (vendor_id is None and row.vendor not in alone))
    ]


def _weights_of(model_id: str) -> str:
    """A model whose weights are open is measured under the name of its checkpoint."""
    bought = proprietary_models().get(model_id)
    return bought.open_model_id if bought and bought.open_model_id else model_id


def _from_measurements(
    vendor_id: str, model_id: str, found: Sequence[tuple[str, MeasuredSpeed]], assumed: ClassSpeed
) -> ApiSpeed:
    first = next((pair for pair in found if pair[1].first_token is not None), None)
    pace = next((pair for pair in found if pair[1].tokens_per_second is not None), None)
    thinking = next((row.first_token_thinking for _, row in found if row.first_token_thinking is not None), None)
    used = [pair for pair in dict.fromkeys((first, pace)) if pair is not None]
    exact = first is not None and pace is not None and not any(how for how, _ in used)
    first_token = first[1].first_token if first and first[1].first_token else assumed.first_token
    parts = [_named("first token", first, assumed), _named("pace", pace, assumed)]
    return ApiSpeed(
        vendor_id, model_id, first_token, _tail(vendor_id, first[1] if first else None),
        pace[1].tokens_per_second if pace else assumed.tokens_per_second, thinking,
        "measured" if exact else "estimated", ("measured: " if exact else "estimated: ") + "; ".join(parts),
        "; ".join(dict.fromkeys(row.source for _, row in used)), min(row.dated for _, row in used),
        used[0][1].confidence if exact else "judgement",
    )  # fmt: skip


def _named(figure: str, pair: tuple[str, MeasuredSpeed] | None, assumed: ClassSpeed) -> str:
    if pair is None:
        return f"{figure} judged by class {assumed.id}"
    how, row = pair
    return f"{figure} {row.dated:%Y-%m} {how}".strip()


def _tail(vendor_id: str, row: MeasuredSpeed | None) -> float | None:
    """The 95th percentile: as measured, else by the vendor's usual multiple of the median, else unknown."""
    if row is None or row.first_token is None:
        return None
    multiple = tails().multiples.get(vendor_id)
    return row.first_token_p95 or (row.first_token * multiple if multiple else None)


def _class_of(vendor_id: str, model_id: str) -> str:
    bought = proprietary_models().get(model_id)
    if (bought and bought.size == "embedding") or (
        model_id in open_models() and open_models()[model_id].use == "embedding"
    ):
        return "embedding"
    if vendor_id in load_table(FILE)["fast_hosts"]:
        return "fast_host"
    return bought.size if bought else "host"
