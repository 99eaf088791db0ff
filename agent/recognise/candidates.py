"""Turns a message into fact candidates: typed rules for quantities, the lexicon for phrases, then short answers.

It knows no conversation: the caller names the fact that was asked, and decides what to accept.
"""

import re
from collections.abc import Callable
from dataclasses import replace

from agent.recognise import lengths, money, people, shares, times, volume
from agent.recognise.asked import read_asked
from agent.recognise.asked_number import MONEY
from agent.recognise.fixed_part import with_fixed_part
from agent.recognise.lexical import lexical
from agent.recognise.products import products
from agent.recognise.quantities import recognise
from agent.recognise.ratios import ratios, scored
from agent.recognise.scene import Scene, scenes
from agent.recognise.spans import Sentence, sentence_at, sentences
from agent.recognise.stance import unsettled
from agent.recognise.standing import standing
from agent.recognise.values import FactCandidate, Quantity
from tools.errors import InvalidInput
from tools.facts import check_value, spec_of

RULES: tuple[Callable[[Scene], FactCandidate | None], ...] = (
    volume.requests_per_day,
    volume.tokens_per_month,
    volume.tokens_per_second,
    volume.peak_factor,
    volume.peak_from_pair,
    lengths.lengths,
    money.electricity_price,
    money.monthly_budget,
    money.annual_revenue,
    money.engineer_cost,
    shares.uptime_target,
    shares.monthly_growth,
    shares.cached_share,
    shares.scores,
    times.first_token_seconds,
    times.weeks_to_launch,
    people.platform_engineers,
    people.monthly_users,
    people.monthly_active,
    people.owned_gpus,
)
_FREE = re.compile(
    r"\b(?:spare\w*|free|lent|lend|available|for this|could (?:look|help|run|take|give)|can give)\b", re.I
)
_MONEY_WORDS = re.compile(
    r"\b(?:money|budget|ceiling|signed off|net it['’]?s|gross|grant|funds?|cost|price|revenue|turnover|spend|"
    r"pay|cap|grand|bucks)\b",
    re.I,
)
CONDITIONAL = frozenset({"error_cost", "criticality"})


def candidates(text: str, asked: str | None = None, *, supposed: bool = False) -> list[FactCandidate]:
    """Find the facts that a message may state.

    Args:
        asked: the fact that the interview has just asked for; short answers are read as it.
        supposed: also read what is only asked or supposed ("what if it were 100k a day?").
    """
    if not text.strip():
        return []
    parts = sentences(text)
    quantities = standing(text, recognise(text), parts)
    quantities = scored(text, quantities, asked)
    pairs = ratios(text, quantities, asked)
    single, multiplied = products(text, quantities, parts)
    said = [*_numeric(text, single, parts), *multiplied]
    settled = {item.key for item in pairs}
    said = [item for item in said if item.key not in settled] + pairs
    quantities = [item for item in single if not _covers(pairs, item)]
    found = [*said, *lexical(text, parts)]
    if asked not in ("flagship_score", "open_score"):
        found = [
            item for item in found if not (item.key in ("flagship_score", "open_score") and item.confidence < 0.75)
        ]
    if asked == "platform_team" and not _FREE.search(text):
        found = [item for item in found if item.key != "platform_engineers"]
    found = [item for item in found if not _is_money(item, text, asked)]
    if asked is not None:
        found = _with_answer(found, read_asked(text, asked, quantities, found), asked, bool(pairs or multiplied))
    if not supposed:
        found = _stated(text, found)
    found = with_fixed_part(text, _joined(text, found), quantities)
    return sorted(filter(_fits, found), key=lambda item: (item.start, item.end))


def _is_money(item: FactCandidate, text: str, asked: str | None) -> bool:
    """Whether a bare amount per period was read as requests where money is asked or spoken of."""
    if item.key != "requests_per_day" or item.confidence > 0.85:
        return False
    around = sentence_at(sentences(text), item.start).text
    return asked in MONEY or asked == "tokens_per_month" or bool(_MONEY_WORDS.search(around))


def _covers(found: list[FactCandidate], quantity: Quantity) -> bool:
    """Whether a fact read from several numbers uses this one."""
    return any(item.start <= quantity.start and quantity.end <= item.end for item in found)


def _joined(text: str, found: list[FactCandidate]) -> list[FactCandidate]:
    """Make one candidate of all accelerators owned; its quote reaches from the first to the last."""
    owned = sorted((item for item in found if item.key == "owned_gpus"), key=lambda item: item.start)
    if len(owned) < 2:
        return found
    start, end = owned[0].start, max(item.end for item in owned)
    value = ", ".join(dict.fromkeys(str(item.value) for item in owned))
    whole = replace(owned[0], value=value, start=start, end=end, quote=text[start:end])
    return [item for item in found if item.key != "owned_gpus"] + [whole]


def _numeric(text: str, quantities: list[Quantity], parts: list[Sentence]) -> list[FactCandidate]:
    found: list[FactCandidate] = []
    denied: FactCandidate | None = None
    for scene in scenes(text, quantities, parts):
        proposed = [candidate for rule in RULES if (candidate := rule(scene)) is not None]
        if scene.quantity.negated:
            denied = max(proposed, key=lambda item: item.confidence, default=None)
            continue
        found.extend(proposed)
    return _corrected(text, found, denied, quantities)


def _corrected(
    text: str, found: list[FactCandidate], denied: FactCandidate | None, quantities: list[Quantity]
) -> list[FactCandidate]:
    """Read the other half of "not 40k tickets a day but 400k": the bare number has the denied one's unit."""
    if denied is None or any(candidate.key == denied.key for candidate in found):
        return found
    wrong = next(item for item in quantities if item.start == denied.start)
    bare = [
        item
        for item in quantities
        if not item.negated and item.kind == wrong.kind and item.unit in ("", wrong.unit) and item.per is None
    ]
    if len(bare) != 1:
        return found
    meant = replace(
        wrong,
        value=bare[0].value,
        start=bare[0].start,
        end=bare[0].end,
        quote=bare[0].quote,
        negated=False,
        hedge=bare[0].hedge,
    )
    parts = sentences(text)
    for scene in scenes(text, [wrong], parts):
        proposed = [candidate for rule in RULES if (candidate := rule(replace(scene, quantity=meant))) is not None]
        found.extend(candidate for candidate in proposed if candidate.key == denied.key)
    return found


def _with_answer(
    found: list[FactCandidate], answer: FactCandidate | None, asked: str, joined: bool
) -> list[FactCandidate]:
    """Add the answer to the question; the same characters then state nothing else."""
    if answer is None or (joined and any(item.key == asked for item in found)):
        return found
    found = [item for item in found if item.key != asked]
    return [item for item in found if item.end <= answer.start or item.start >= answer.end] + [answer]


def _stated(text: str, found: list[FactCandidate]) -> list[FactCandidate]:
    """Drop what is only asked or supposed; "if it's wrong, people die" still states what an error costs, and
    "if there is a DPA, yes" the safeguard."""
    everything, questions = unsettled(text), unsettled(text, conditions=False)

    def is_stated(item: FactCandidate) -> bool:
        stretches = questions if item.key in CONDITIONAL or item.value == "with_safeguards" else everything
        return not any(start <= item.start < end for start, end in stretches)

    return [item for item in found if is_stated(item)]


def _fits(candidate: FactCandidate) -> bool:
    """Whether the value passes the dictionary's own check."""
    try:
        check_value(spec_of(candidate.key), candidate.value)
    except InvalidInput:
        return False
    return True
