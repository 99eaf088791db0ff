"""Reads choices, sets and flags from clauses by the example bank. It knows no rules and no language model."""

from collections.abc import Iterable, Sequence

from agent.reading.classifier import ExampleClassifier, Guess, by_heart
from agent.reading.found import Found
from agent.reading.regression import Matrix
from agent.reading.segments import Segment
from agent.reading.short_answers import is_yes_or_no, yes_or_no
from tools.facts import FactSpec, spec_of

# Calibrated on the development set: an asked fact may be read at a low probability, since its value is probably
# there; a fact that nobody asked for only where hardly anything speaks against it.
ASKED_THRESHOLD = 0.32
OPEN_THRESHOLD = 0.8
_SET_THRESHOLD = 0.45
_OPEN_SET_THRESHOLD = 0.9
# Names decide these facts, and sentence embeddings confuse names: only read them where they were asked for.
_ONLY_ASKED = frozenset({"cloud", "company_region", "residency", "user_regions", "existing_vendors", "regulations"})
_BY_HEART = 0.98


def short_answer(message: str, asked: str | None) -> list[Found]:
    """Read a message that as a whole is an example of the asked fact, or a bare yes or no."""
    if asked is None:
        return []
    spec = spec_of(asked)
    said = yes_or_no(message, asked)
    if said is not None and said.whole:
        start = message.index(said.quote)
        return [_found(spec, said.value, start, start + len(said.quote), _BY_HEART)]
    value = by_heart(asked, message)
    stripped = message.strip()
    start = message.find(stripped)
    return [_found(spec, value, start, start + len(stripped), _BY_HEART)] if value else []


def leading_answer(message: str, asked: str | None) -> list[Found]:
    """Read a leading yes or no whose explanation said nothing clearer about the asked fact."""
    said = yes_or_no(message, asked) if asked else None
    if asked is None or said is None:
        return []
    start = message.index(said.quote)
    return [_found(spec_of(asked), said.value, start, start + len(said.quote), 0.85)]


def from_examples(
    classifier: ExampleClassifier, parts: Sequence[Segment], rows: Matrix, asked: str | None, taken: Iterable[str]
) -> list[Found]:
    """Read the clauses; facts in `taken` are known from stages that are surer."""
    stating = [number for number, part in enumerate(parts) if not part.asks]
    # In "sure, as long as …" the explanation decides; the bare word is read only if nothing else is said.
    telling = [number for number in stating if not is_yes_or_no(parts[number].text)]
    stating = telling or stating
    if not stating:
        return []
    found: list[Found] = []
    for key in classifier.facts:
        if key in taken or (key in _ONLY_ASKED and key != asked):
            continue
        guesses = classifier.guess(key, rows[stating], key == asked)
        found += _best(spec_of(key), [(parts[n], g) for n, g in zip(stating, guesses, strict=True)], key == asked)
    return found


def _best(spec: FactSpec, guesses: Sequence[tuple[Segment, list[Guess]]], asked: bool) -> list[Found]:
    threshold = ASKED_THRESHOLD if asked else OPEN_THRESHOLD
    if spec.type == "set":
        return _set_values(spec, guesses, _SET_THRESHOLD if asked else _OPEN_SET_THRESHOLD)
    # The surest clause decides; of equally sure ones the shortest, whose words are the quote.
    part, ranked = max(guesses, key=lambda pair: (round(pair[1][0].probability, 2), -len(pair[0].text)))
    if ranked[0].probability < threshold:
        return []
    return [_found(spec, ranked[0].value, part.start, part.end, ranked[0].probability)]


def _set_values(spec: FactSpec, guesses: Sequence[tuple[Segment, list[Guess]]], threshold: float) -> list[Found]:
    best: dict[str, Found] = {}
    for part, ranked in guesses:
        top = ranked[0]
        if top.probability >= threshold and top.probability > getattr(best.get(top.value), "confidence", 0.0):
            best[top.value] = _found(spec, top.value, part.start, part.end, top.probability)
    return list(best.values())


def _found(spec: FactSpec, value: str, start: int, end: int, confidence: float) -> Found:
    typed: object = value == "true" if spec.type == "flag" else (value,) if spec.type == "set" else value
    return Found(spec.key, typed, start, end, confidence, "examples")
