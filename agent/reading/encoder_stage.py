"""Turns what the encoder sees into facts with quotes, and weighs what other stages found. It knows no weights.

Choices, sets and flags are read here. A number is never: its value comes from the recognisers, and the encoder only
says which fact the words state, so that a recogniser's reading is dropped or a missed one is tried on those words.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from agent.reading.encoder import Sight
from agent.reading.found import Found
from agent.reading.labels import Label, labels
from agent.recognise import candidates
from agent.recognise.numbers import find_numbers
from tools.facts import fact_dictionary, spec_of

# A token belongs to the quote if it is this likely, compared with the surest token.
_SHARE = 0.35
_GAP = 2
_WORD = re.compile(r"[\w$€£%#@+&'’/.-]")
_EDGE = " \t\n\r,.;:!?–—-\"'()[]’"


@dataclass(frozen=True, slots=True)
class Bars:
    """How likely a label must be: `read` by the encoder alone, `backed` where another stage found it as well."""

    read: float
    backed: float


# Chosen on held-out messages for a precision of about 0.95 where nobody asked and the best F1 where the fact was asked.
BARS = {
    ("choice", True): Bars(0.75, 0.15),
    ("choice", False): Bars(0.85, 0.3),
    ("set", True): Bars(0.6, 0.15),
    ("set", False): Bars(0.8, 0.3),
    ("flag", True): Bars(0.7, 0.15),
    ("flag", False): Bars(0.7, 0.3),
    ("number", True): Bars(0.5, 0.005),
    ("number", False): Bars(0.8, 0.05),
}
# Where the recognisers are this sure, words name the number's unit and its fact; the encoder, which knows few units and
# scales, then has to be all but certain that the fact is not stated.
_NAMED = 0.93
_NAMED_BACKED = 0.02
# A phrase of the lexicon that is this sure names its fact; where another fact was asked for, the encoder's reading of
# the same words as the answer is a reading of the question.
_PHRASED = 0.95
# One that is this sure holds whatever the encoder sees.
_UNMISTAKABLE = 0.98
# Words about one thing answer no question about another, unless the encoder reads the answer in them unasked too.
_SUBJECTS = (
    (
        re.compile(r"\b(?:nothing|not|no)\s(?:\w+\s){0,3}?(?:sensitive|confidential|secret|personal)\b", re.IGNORECASE),
        frozenset({"data_class", "external_api", "residency", "regulations", "error_cost"}),
    ),
    (
        re.compile(r"\b(?:(?:in)?expensive|cheap\w*|budget\w*|money|low[- ]cost|affordab\w+|costs?)\b", re.IGNORECASE),
        frozenset({"monthly_budget", "engineer_cost", "electricity_price", "error_cost", "criticality"}),
    ),
)
_UNASKED = 0.5


def bars(key: str, asked: str | None) -> Bars:
    """Return the bars for a fact, which are lower where it was asked for."""
    kind = spec_of(key).type
    return BARS["number" if kind == "text" else kind, key == asked]


def from_encoder(message: str, sight: Sight, asked: str | None) -> list[Found]:
    """Read choices, sets and flags."""
    found: list[Found] = []
    for label in labels():
        if not label.value or not sight.offsets:
            continue
        likely = sight.probability(label.key, label.value)
        if likely >= bars(label.key, asked).read:
            start, end = words_of(message, sight, label)
            found.append(Found(label.key, typed(label), start, end, likely, "encoder"))
    return found


def weigh(
    message: str, found: Sequence[Found], sight: Sight, asked: str | None, unasked: Callable[[], Sight]
) -> list[Found]:
    """Keep what the encoder finds likely enough, and read numbers that it sees and no recogniser typed.

    `unasked` sees the message as if nothing had been asked: a question makes the encoder blind to other facts.
    """
    possible = [item for item in found if _possible(item, sight, asked) or _plainly_said(item, asked, unasked)]
    kept = [replace(item, confidence=_backed(item, sight)) for item in possible]
    kept = _one_meaning(message, kept, sight)
    known = {item.key for item in kept}
    missed = [item for item in _missed(message, sight, asked) if item.key not in known]
    return kept + [item for item in missed if not any(_numeric(other) and _share_words(item, other) for other in kept)]


def answers_apart(
    message: str, found: Sequence[Found], seen: Sequence[Found], asked: str | None, unasked: Callable[[], Sight]
) -> list[Found]:
    """Drop the encoder's answer to the question where the words are about something else."""
    named = [item for item in found if item.stage == "lexicon" and item.key != asked and item.confidence >= _PHRASED]

    def named_otherwise(item: Found) -> bool:
        half = (item.end - item.start) / 2
        return any(min(item.end, other.end) - max(item.start, other.start) > half for other in named)

    strange = about_something_else(message, asked)

    def apart(item: Found) -> bool:
        return named_otherwise(item) or (strange and likelihood(item, unasked()) < _UNASKED)

    return [item for item in seen if item.key != asked or not apart(item)]


def about_something_else(message: str, asked: str | None) -> bool:
    """Say whether the words are about money or about the data where the question is about neither."""
    return any(words.search(message) and asked not in facts for words, facts in _SUBJECTS)


def typed(label: Label) -> object:
    """Return the label's value in its fact's own type."""
    match fact_dictionary()[label.key].type:
        case "flag":
            return label.value == "true"
        case "set":
            return (label.value,)
        case _:
            return label.value


def likelihood(item: Found, sight: Sight) -> float:
    """Return how likely the encoder finds what another stage found; of a set its likeliest value."""
    match spec_of(item.key).type:
        case "choice":
            return sight.probability(item.key, str(item.value))
        case "flag":
            return sight.probability(item.key, str(item.value).lower())
        case "set":
            values = item.value if isinstance(item.value, tuple | list) else (item.value,)
            return max((sight.probability(item.key, str(value)) for value in values), default=0.0)
        case _:
            return sight.probability(item.key)


def words_of(message: str, sight: Sight, label: Label) -> tuple[int, int]:
    """Return the place of the words that state a label: the tokens around the surest one, widened to whole words."""
    likely = sight.at(label.key, label.value)
    peak = int(likely.argmax())
    bar = float(likely[peak]) * _SHARE
    first = _reach(likely.tolist(), peak, -1, bar)
    last = _reach(likely.tolist(), peak, 1, bar)
    return _whole_words(message, sight.offsets[first][0], sight.offsets[last][1])


def _reach(likely: list[float], peak: int, step: int, bar: float) -> int:
    """Walk from the peak while tokens are likely, over gaps of at most _GAP tokens."""
    at = best = peak
    while 0 <= at + step < len(likely) and abs(at + step - best) <= _GAP:
        at += step
        if likely[at] >= bar:
            best = at
    return best


def _whole_words(message: str, start: int, end: int) -> tuple[int, int]:
    while start > 0 and _WORD.match(message[start - 1]):
        start -= 1
    while end < len(message) and _WORD.match(message[end]):
        end += 1
    first, last = start, end
    while first < last and message[first] in _EDGE:
        first += 1
    while last > first and message[last - 1] in _EDGE:
        last -= 1
    return (first, last) if first < last else (start, end)


def _possible(item: Found, sight: Sight, asked: str | None) -> bool:
    backed = bars(item.key, asked).backed
    if _numeric(item) and item.confidence >= _NAMED:
        backed = min(backed, _NAMED_BACKED)
    return likelihood(item, sight) >= backed


def _plainly_said(item: Found, asked: str | None, unasked: Callable[[], Sight]) -> bool:
    """Say whether a phrase of the lexicon holds whatever was asked."""
    if item.stage != "lexicon" or item.confidence < _PHRASED:
        return False
    return item.confidence >= _UNMISTAKABLE or (asked not in (None, item.key) and _possible(item, unasked(), None))


def _backed(item: Found, sight: Sight) -> float:
    """Two stages that agree are surer than either alone."""
    return 1 - (1 - item.confidence) * (1 - likelihood(item, sight)) if item.confidence < 1 else item.confidence


def _one_meaning(message: str, found: Sequence[Found], sight: Sight) -> list[Found]:
    """Of two numbers read from the same characters keep the likelier one, unless one is a product of several."""

    def numbers(item: Found) -> int:
        return len(find_numbers(message[item.start : item.end]))

    def loses(item: Found) -> bool:
        mine = likelihood(item, sight)
        return any(
            other.key != item.key
            and _numeric(other)
            and _share_words(item, other)
            and likelihood(other, sight) > mine + 0.3
            and numbers(item) <= numbers(other)
            for other in found
        )

    return [item for item in found if not (_numeric(item) and loses(item))]


def _missed(message: str, sight: Sight, asked: str | None) -> Iterator[Found]:
    """Have the recognisers read the words that the encoder takes for a number of a fact, as if it had been asked."""
    for label in labels():
        if label.value or not sight.offsets:
            continue
        likely = sight.probability(label.key)
        if likely < bars(label.key, asked).read:
            continue
        start, end = words_of(message, sight, label)
        for item in candidates(message[start:end], label.key):
            if item.key == label.key:
                yield Found(
                    item.key, item.value, start + item.start, start + item.end, likely, "recogniser", item.note,
                    item.needs_conversion,
                )  # fmt: skip


def _share_words(one: Found, other: Found) -> bool:
    return one.start < other.end and other.start < one.end


def _numeric(item: Found) -> bool:
    return spec_of(item.key).type in ("number", "text")
