"""Rules for shares: growth, repeated input, evaluation scores, uptime. They know no short answers."""

import re

from agent.recognise.convert import monthly_growth as per_month
from agent.recognise.scene import Scene
from agent.recognise.values import FactCandidate, Quantity, lower, map_value, upper
from agent.recognise.words import open_weight, proprietary

_GROW = re.compile(r"\b(?:gr[eo]w\w*|increas\w+|ris(?:e|es|ing)|going up|goes up|expand\w*|climb\w*|uptick)\b", re.I)
_SHRINK = re.compile(r"\b(?:shrink\w*|declin\w+|decreas\w+|drop\w*|fall(?:s|ing)?|going down|goes down)\b", re.I)
_DOUBLING = re.compile(r"\b(?:doubl\w+|tripl\w+|quadrupl\w+|tenfold)\b", re.I)
_REPEATED = re.compile(
    r"\b(?:same|identical|repeat\w*|cach\w+|boilerplate|fixed|shared|constant|re-?used?|static|"
    r"unchanged|never changes?|doesn['’]t change|do not change|don['’]t change|recurring|"
    r"duplicat\w*|in common|overlap\w*|template\w*)\b",
    re.I,
)
_INPUT = re.compile(
    r"\b(?:prompts?|inputs?|instructions?|context|tokens?|requests?|texts?|system|preamble|"
    r"manual|handbook|polic(?:y|ies)|history|messages?|it|cach\w+)\b",
    re.I,
)
_EVAL = re.compile(
    r"\b(?:pass\w*|scor\w+|eval\w*|tests?|test[- ](?:set|cases?|suite)|accura\w+|benchmark\w*|"
    r"correct\w*|gets?|got|solv\w+|right|hits?|reach\w*|achiev\w+|quality|f1|manages?|does|"
    r"did|at|golden set|answers)\b",
    re.I,
)
_UPTIME = re.compile(r"\b(?:up-?time|availab\w+|sla|slo|nines|up [0-9.]+|reliab\w+)\b", re.I)
_BEFORE_NAME = re.compile(
    r"^\s?(?:(?:of|on|in) (?:our|the|my) [\w\s-]{1,30})?\s?(?:with|for|from|by|using|on|in "
    r"the case of|\()\s?(?:the )?(?:best )?",
    re.I,
)


def uptime_target(scene: Scene) -> FactCandidate | None:
    """Read "99.9% uptime", "three nines"."""
    quantity = scene.quantity
    if quantity.kind != "share" or not 0.9 <= lower(quantity.value) <= upper(quantity.value) < 1:
        return None
    nines = bool(re.search(r"\b(?:nines|9'?s)\b", quantity.quote, re.I))
    if not nines and not scene.anywhere(_UPTIME):
        return None
    if re.search(r"\b(?:saw|had|was|were|got|measured|reached|only)\s?$", scene.left, re.I):
        return None
    vendor = re.search(
        r"\b(?:vendor|provider|openai|anthropic|azure|aws|they|promises?|offers?|had|historically)\b", scene.left, re.I
    )
    return (
        None
        if vendor and not re.search(r"\b(?:need|must|require|want|target|expect)\w*\b", scene.left, re.I)
        else scene.propose("uptime_target", quantity.value, 0.95)
    )


def monthly_growth(scene: Scene) -> FactCandidate | None:
    """Read "grows 5% a month", "20% per year growth", "doubles every year"."""
    quantity = scene.quantity
    around = f"{scene.left[-60:]} {scene.right[:50]}"
    if quantity.kind == "multiplier":
        doubling = _DOUBLING.search(quantity.quote)
        if not doubling or quantity.per not in ("month", "quarter", "year") or scene.near(re.compile(r"\bpeak", re.I)):
            return None
        growth = map_value(quantity.value, 1.0)
        grown = per_month(_share_of(quantity, upper(growth) - 1))
        return scene.propose("monthly_growth", grown[0], 0.9, grown[1]) if grown else None
    if quantity.kind != "share" or not (_GROW.search(around) or _SHRINK.search(around)):
        return None
    if re.search(r"\b(?:revenue|price|cost|headcount|salar\w+|budget)s?\b", scene.left[-40:], re.I):
        return None
    grown = per_month(quantity)
    if grown is None:
        return None
    if not _GROW.search(around) and upper(quantity.value) > 0:
        grown = per_month(_share_of(quantity, -upper(quantity.value))) or grown
    return scene.propose("monthly_growth", grown[0], 0.93, grown[1])


def _share_of(quantity: Quantity, share: float) -> Quantity:
    return Quantity(
        "share",
        share,
        "share",
        quantity.per,
        None,
        quantity.hedge,
        quantity.start,
        quantity.end,
        quantity.quote,
        quantity.negated,
        "",
    )


def cached_share(scene: Scene) -> FactCandidate | None:
    """Read "60% of the prompt is the same every time"."""
    quantity = scene.quantity
    if quantity.kind != "share" or not 0 <= lower(quantity.value) <= upper(quantity.value) <= 1:
        return None
    around = f"{scene.left[-60:]} {scene.right[:90]}"
    if (
        not _REPEATED.search(around)
        or not _INPUT.search(around)
        or scene.near(re.compile(r"\b(?:test|eval|pass|question is the same customer)", re.I))
    ):
        return None
    return scene.propose("cached_share", quantity.value, 0.92)


def scores(scene: Scene) -> FactCandidate | None:
    """Read "GPT-4o passes 92% of our tests, Llama 84%"."""
    quantity = scene.quantity
    value = quantity.value
    decimal = quantity.kind == "count" and quantity.unit in ("", "other") and 0 < lower(value) < 1
    if not (quantity.kind == "share" or decimal) or not 0 <= lower(value) <= upper(value) <= 1:
        return None
    if not scene.anywhere(_EVAL) or scene.near(_UPTIME) or _REPEATED.search(scene.right) or quantity.per is not None:
        return None
    side = _nearest_model(scene)
    if side is None:
        return None
    strong = scene.anywhere(
        re.compile(r"\b(?:pass\w*|scor\w+|eval\w*|tests?|accura\w+|benchmark\w*|correct|golden)\b", re.I)
    )
    return scene.propose(side, value, 0.92) if strong else None


def _nearest_model(scene: Scene) -> str | None:
    """Bind the score to the model named right behind it, or to the nearest one before it."""
    lead = _BEFORE_NAME.match(scene.right)
    if lead and not (proprietary().search(scene.left) or open_weight().search(scene.left)):
        rest = scene.right[lead.end() : lead.end() + 30]
        if proprietary().match(rest) or open_weight().match(rest):
            return "open_score" if open_weight().match(rest) else "flagship_score"
    openly = [match.start() for match in open_weight().finditer(scene.left)]
    closed = [match.start() for match in proprietary().finditer(scene.left)]
    if not openly and not closed:
        return None
    return "open_score" if max(openly, default=-1) > max(closed, default=-1) else "flagship_score"
