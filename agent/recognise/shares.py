"""Rules for shares: growth, repeated input, evaluation scores, uptime. They know no short answers."""

import re
from dataclasses import replace

from agent.recognise.clauses import Clauses
from agent.recognise.convert import monthly_growth as per_month
from agent.recognise.downtime import up_share
from agent.recognise.scene import Scene
from agent.recognise.values import FactCandidate, Quantity, lower, map_value, upper
from agent.recognise.words import open_weight, proprietary

_GROW = re.compile(
    r"\b(?:gr[eo]w\w*|plus|up|creep\w*|more every|increas\w+|ris(?:e|es|ing)|going up|goes up|expand\w*|"
    r"climb\w*|uptick)\b",
    re.I,
)
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
_STRONG = re.compile(
    r"\b(?:pass\w*|scor\w+|eval\w*|tests?|accura\w+|benchmark\w*|correct|golden|(?:acceptance|our own|our|"
    r"seeded[- ]bug|validation) "
    r"(?:\w+ )?(?:set|panel|tickets|cases|checks|examples|exam)|on the same \S+ \w+|exam|right)\b",
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
    quantity = _as_uptime(scene)
    if (up := up_share(quantity, Clauses(scene.text))) is not None and up >= 0.9:
        return scene.propose("uptime_target", up, 0.92, "from the downtime allowed")
    if quantity.kind != "share" or not 0.9 <= lower(quantity.value) <= upper(quantity.value) < 1:
        return None
    nines = bool(re.search(r"\b(?:nines|9'?s)\b", quantity.quote, re.I))
    bare = quantity is not scene.quantity or re.match(r"\s?of the time\b", scene.right, re.I)
    if not nines and not bare and not scene.anywhere(_UPTIME):
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


def _as_uptime(scene: Scene) -> Quantity:
    """Read a bare 99.9 as the share of time that it is, where no score is spoken of, and "uptime: 99"."""
    quantity = scene.quantity
    if quantity.kind != "count" or quantity.unit not in ("", "other") or quantity.per is not None:
        return quantity
    named = re.search(
        r"\b(?:up-?time|sla|slo|availability)(?: (?:target|goal))?\s?(?:is|of|:|=|at|must be)?\s?$", scene.left, re.I
    )
    nines = re.fullmatch(r"99\.[0-9]{1,3}", scene.text[quantity.start : quantity.end].strip()) and not scene.anywhere(
        _STRONG
    )
    if not (named or nines) or not 90 <= lower(quantity.value) <= upper(quantity.value) < 100:
        return quantity
    return replace(quantity, kind="share", unit="share", value=map_value(quantity.value, 0.01))


def monthly_growth(scene: Scene) -> FactCandidate | None:
    """Read "grows 5% a month", "20% per year growth", "doubles every year"."""
    quantity = scene.quantity
    around = f"{scene.left[-60:]} {re.split(r'[,;]', scene.right)[0][:50]}"
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
    clauses = Clauses(scene.text)
    around = f"{clauses.left(quantity.start)[-60:]} {clauses.right(quantity.end)[:90]}"
    if quantity.per is not None or _GROW.search(around):
        return None
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
    if quantity.kind == "count" and 40 <= lower(value) <= upper(value) < 100 and quantity.unit == "" and _listed(scene):
        value = map_value(value, 0.01)
    decimal = quantity.kind == "count" and quantity.unit in ("", "other") and 0 < lower(value) <= upper(value) < 1
    if not (quantity.kind == "share" or decimal) or not 0 <= lower(value) <= upper(value) <= 1:
        return None
    if scene.near(_UPTIME) or _REPEATED.search(scene.right) or quantity.per is not None:
        return None
    side = _nearest_model(scene)
    if side is None:
        return None
    return scene.propose(
        side, value, 0.92 if _STRONG.search(scene.sentence.text) else 0.86 if _STRONG.search(scene.text) else 0.7
    )


def _listed(scene: Scene) -> bool:
    """Whether a percentage stands before a bare number: "GPT got 72% on our set and Qwen 69"."""
    before = scene.previous
    return before is not None and before.kind == "share" and 0.3 <= lower(before.value) <= upper(before.value) <= 1


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
