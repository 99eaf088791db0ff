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
    """The model whose figures speak for one that was not measured."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    model: str
    of: str


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
def speed_kin() -> Mapping[str, str]:
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
    """Return how fast a model of either catalogue answers at a vendor; None when either is unknown."""
    if vendor_id not in vendors() or not (model_id in open_models() or model_id in proprietary_models()):
        return None
    assumed = class_speeds()[_class_of(vendor_id, model_id)]
    for how, rows in _candidates(vendor_id, model_id):
        if rows:
            return _from_measurement(vendor_id, model_id, rows[0], how, assumed)
    return ApiSpeed(
        vendor_id, model_id, assumed.first_token, None, assumed.tokens_per_second, None, "judged",
        f"judged: no measurement is known; the class {assumed.id}", assumed.source, assumed.checked, assumed.confidence,
    )  # fmt: skip


def _candidates(vendor_id: str, model_id: str) -> Iterator[tuple[str, Sequence[MeasuredSpeed]]]:
    """Yield the measurements that may speak, the nearest first, each with how it is to be named."""
    name = _weights_of(model_id)
    related = speed_kin().get(name)
    yield "", _rows(vendor_id, name)
    if related:
        yield f"of {related}, an older model of the line,", _rows(vendor_id, related)
    if vendor_id in load_table(FILE)["fast_hosts"]:
        return  # what others reach says nothing about chips of its own
    for other in (name, related):
        if other:
            kin = "" if other == name else f"of {other}, an older model of the line,"
            yield f"{kin} median over hosts".strip(), _rows(ANY_HOST, other)
            yield f"{kin} at another vendor".strip(), _rows(None, other)


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


def _from_measurement(vendor_id: str, model_id: str, row: MeasuredSpeed, how: str, assumed: ClassSpeed) -> ApiSpeed:
    first = row.first_token if row.first_token is not None else assumed.first_token
    pace = row.tokens_per_second if row.tokens_per_second is not None else assumed.tokens_per_second
    missing = [
        name for name, figure in (("first token", row.first_token), ("pace", row.tokens_per_second)) if figure is None
    ]
    verb = "measured" if not how and not missing else "estimated from a measurement of"
    basis = f"{verb} {row.dated:%Y-%m} {how}".strip().rstrip(",")
    if missing:
        basis += f"; the {missing[0]} judged by class {assumed.id}"
    tail = row.first_token_p95
    if tail is None and row.first_token is not None and vendor_id in tails().multiples:
        tail = row.first_token * tails().multiples[vendor_id]
    exact = not how and not missing
    return ApiSpeed(
        vendor_id, model_id, first, tail, pace, row.first_token_thinking, "measured" if exact else "estimated", basis,
        row.source, row.dated, row.confidence if exact else "judgement",
    )  # fmt: skip


def _class_of(vendor_id: str, model_id: str) -> str:
    bought = proprietary_models().get(model_id)
    if (bought and bought.size == "embedding") or (
        model_id in open_models() and open_models()[model_id].use == "embedding"
    ):
        return "embedding"
    if vendor_id in load_table(FILE)["fast_hosts"]:
        return "fast_host"
    return bought.size if bought else "host"
