"""How the interview asks: facts that share a question, and answers to try where a fact has no prior."""

from collections.abc import Mapping, Set
from functools import cache
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from tools.assessment import Deployment
from tools.data_files import load_table
from tools.errors import InvalidInput
from tools.facts import Fact, check_value, spec_of

FILE = "asking.yaml"
_Shape = TypeVar("_Shape")
_STRICT = ConfigDict(frozen=True, extra="forbid")


class SharedQuestion(BaseModel):
    """Facts that people know together, and the question that asks for all of them."""

    model_config = _STRICT

    facts: Annotated[tuple[str, ...], Field(min_length=2)]
    question: str
    help: str


class TriedAnswer(BaseModel):
    """An answer put in place of a missing one, how often it is expected, and which verdicts it speaks against."""

    model_config = _STRICT

    share: Annotated[float, Field(gt=0, le=1)]
    says: Mapping[str, Any]
    against: frozenset[Deployment]

    def facts(self) -> Mapping[str, Fact]:
        """Return what the answer states."""
        return {
            key: Fact(key, check_value(spec_of(key, FILE), raw, FILE), state="assumed")
            for key, raw in self.says.items()
        }


@cache
def shared_questions() -> tuple[SharedQuestion, ...]:
    """Load the facts that share a question; every one must be in the dictionary."""
    shared = _checked(TypeAdapter(tuple[SharedQuestion, ...]), load_table(FILE)["together"])
    for one in shared:
        for key in one.facts:
            spec_of(key, FILE)
    return shared


def shared_question(fact: str, wanted: Set[str]) -> SharedQuestion | None:
    """Return the question that asks for a fact and related ones, if all of them are wanted."""
    return next((one for one in shared_questions() if fact in one.facts and wanted >= set(one.facts)), None)


@cache
def tried_answers() -> Mapping[str, tuple[TriedAnswer, ...]]:
    """Load the answers that are tried per fact; each must state the fact itself with a value that fits."""
    tried = _checked(TypeAdapter(dict[str, tuple[TriedAnswer, ...]]), load_table(FILE)["tried"])
    for key, answers in tried.items():
        if any(key not in answer.facts() for answer in answers):
            raise InvalidInput(f"tools/data/{FILE}: tried: {key}: expected every answer to state this fact")
    return tried


def _checked(shape: TypeAdapter[_Shape], raw: Any) -> _Shape:
    try:
        return shape.validate_python(raw)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise InvalidInput(f"tools/data/{FILE}: {place}: {first['msg']}") from error
