"""Rules for money: budget, revenue, the cost of an engineer, the price of electricity. They convert no currency."""

import re

from agent.recognise.convert import monthly_count, yearly
from agent.recognise.scene import Scene
from agent.recognise.values import FactCandidate, Quantity, lower, map_value, upper
from tools.facts import FactValue

_BUDGET = re.compile(
    r"\bbudget\w*\b|\b(?:can|could|may|want to|willing to|able to|allowed to|happy to|like "
    r"to|prepared to|supposed to|rather not) (?:only |not )?(?:spend|pay|afford)|\bafford\b|"
    r"\b(?:cost|costs|spend(?:ing)?|price|bill) (?:cap|ceiling|limit)|\bmust(?:n['’]t| not)? "
    r"cost\b|\b(?:cap|ceiling|limit)(?:ped)? (?:is|of|at)\b|\bkeep (?:it|this|costs?|the "
    r"bill) (?:under|below|within)|"
    r"\b(?:should|may|can)(?:n['’]t| not)? (?:cost|exceed)|\bset aside\b|\bearmarked\b|\bapproved\b|\bmoney for\b",
    re.I,
)
_CURRENT = re.compile(
    r"\b(?:we|i|they)(?:['’]re| are)? (?:currently |now |already |today )?(?:pay|paying|spend|"
    r"spending|paid|spent)\b|\b(?:current|today['’]?s?|last|existing|present) (?:bill|spend|"
    r"cost|invoice)|\bbill is\b|\bcosts? us\b|\binvoice\b",
    re.I,
)
_CURRENTLY_FREE = re.compile(r"\b(?:budget|can|could|afford|willing|want to)\b", re.I)
_REVENUE = re.compile(
    r"\b(?:revenues?|turnover|(?:annual|yearly) sales|sales (?:are|were|of)|turn(?:ed|s)? over|top line|arr|mrr|"
    r"in sales|gross(?:es|ed)?|we make|we made|earn(?:s|ed)?|net sales|receipts)\b",
    re.I,
)
_NOT_REVENUE = re.compile(r"\b(?:valuation|valued|raised|funding|profit|ebitda|fine[sd]?|savings?|saves?)\b", re.I)
_ENGINEER = re.compile(
    r"\b(?:engineers?|developers?|sres?|devops|fte|ftes|mlops|(?:platform|ml|infra\w*) (?:person|"
    r"people|hire)|sysadmins?|salar(?:y|ies)|fully[- ]loaded|all[- ]in|loaded cost|headcount)\b",
    re.I,
)
_ENGINEER_COST = re.compile(
    r"\b(?:cost\w*|salar(?:y|ies)|pay\w*|paid|fully[- ]loaded|all[- ]in|loaded|per (?:engineer|"
    r"head|fte|person)|an? (?:engineer|sre|fte|developer|devops)|earn\w*|makes?|is|are|run "
    r"us|package|each|apiece)\b",
    re.I,
)
_LIMIT = re.compile(
    r"\b(?:is (?:the|our|my) (?:ceiling|limit|max\w*|cap|budget)|at (?:the )?most|tops|max|maximum|not more|"
    r"no more|signed? off|"
    r"sign at most|ceiling|money|grant|funds?|funding|purse|kitty|tight|sign (?:anything|nothing|off)|won['’]t|"
    r"can['’]?t go (?:over|above|beyond)|cannot go (?:over|above)|"
    r"(?:we|i)(?:['’]ve| have) (?:got )?|net(?: it['’]?s)?|for (?:inference|ai|this|the project|the model|models|it)|"
    r"stretch|allot\w*|allocat\w+|granted|available)\b",
    re.I,
)
_FUNDS = re.compile(
    r"\b(?:money|grant|funds?|ceiling|max|tops|cheap|not more|no more|tight|afford|ministry|donor|sponsor)\b", re.I
)
_NOT_SPENDING = re.compile(
    r"\b(?:pay(?:s|ing)?|paid|bill|invoice|costs?|salar\w+|per (?:user|seat|engineer|head|gpu)|a seat|revenue|turnover|"
    r"currently|exploded|rent|subscription|fine|users?|tokens?|requests?|tickets?)\b(?!.{0,12}not more)",
    re.I,
)
_POWER = re.compile(r"\b(?:electric\w*|power|kwh|kilo\s?-?watt|energy)\b", re.I)


_POWER_PRICE = re.compile(
    r"\b(?:electricity|power|energy|kwh)(?: (?:price|costs?|rate|here|tariff|there|in \w+ \w+|is|us|"
    r"at)){0,3}\s?(?:is|=|:|around|about|at|of)?\s?$",
    re.I,
)


def electricity_price(scene: Scene) -> FactCandidate | None:
    """Read "12 cents per kWh", "$0.12/kWh"."""
    quantity = scene.quantity
    if quantity.kind not in ("money", "count"):
        return None
    cents_only = quantity.kind == "money" and "cent" in quantity.quote.lower() and scene.near(_POWER)
    named = (
        bool(_POWER_PRICE.search(scene.left))
        and quantity.per is None
        and (
            quantity.kind == "money" or (quantity.kind == "count" and quantity.unit == "" and upper(quantity.value) < 1)
        )
    )
    if (quantity.per != "kWh" and not cents_only and not named) or not 0 < lower(quantity.value) <= upper(
        quantity.value
    ) <= 5:
        return None
    return _money(scene, "electricity_price", quantity.value, 0.95)


def monthly_budget(scene: Scene) -> FactCandidate | None:
    """Read "a budget of $5k a month", "we can spend up to 60k a year"; what is spent today is no budget."""
    quantity = scene.quantity
    if not _is_amount(quantity) or quantity.per in ("kWh", "hour", "second", "minute"):
        return None
    nearby = f"{scene.left[-70:]} {scene.right[:40]}"
    if _meant_as_limit(scene):
        value, note = monthly_count(quantity)
        return _money(scene, "monthly_budget", value, 0.9, note)
    if (
        not _BUDGET.search(nearby)
        or scene.near(_REVENUE)
        or (_CURRENT.search(nearby) and not _CURRENTLY_FREE.search(nearby))
    ):
        return None
    if re.match(
        r"\s?(?:per|a|for each|/|each)\s?(?:user|request|ticket|call|token|seat|million|1k|"
        r"engineer|gpu|head|call|document)",
        scene.right,
        re.I,
    ):
        return None
    if quantity.per is None and not re.search(r"\bmonth", scene.sentence.text, re.I):
        return None
    if (quantity.kind == "count" and upper(quantity.value) < 50) or upper(quantity.value) < 1:
        return None
    value, note = monthly_count(quantity)
    return _money(scene, "monthly_budget", value, 0.93, note)


def _meant_as_limit(scene: Scene) -> bool:
    """Whether an amount per month or year is what may be spent: "3k a month is the ceiling"."""
    quantity = scene.quantity
    if quantity.per not in ("month", "year", "quarter", "week") or not quantity.per_adjacent:
        return False
    if quantity.kind == "count" and (upper(quantity.value) < 50 or quantity.unit):
        return False
    around = f"{scene.left[-60:]} {scene.right[:50]}"
    if _NOT_SPENDING.search(around) or scene.near(_REVENUE):
        return False
    if _LIMIT.search(around):
        return True
    if quantity.kind != "money" or quantity.per != "month":
        return False
    return bool(_FUNDS.search(scene.sentence.text) or re.search(r"\bbudget\b", scene.text, re.I))


def annual_revenue(scene: Scene) -> FactCandidate | None:
    """Read "revenue of $30M", "we turn over 2 billion a year"."""
    quantity = scene.quantity
    nearby = f"{scene.left[-60:]}{quantity.quote} {scene.right[:35]}"
    if (
        not _is_amount(quantity)
        or not _REVENUE.search(nearby)
        or _NOT_REVENUE.search(nearby)
        or _BUDGET.search(scene.left[-40:])
    ):
        return None
    weak = not re.search(r"\b(?:revenues?|turnover|turn(?:ed|s)? over|sales|arr|mrr|top line)\b", nearby, re.I)
    if (weak or quantity.kind == "count") and upper(quantity.value) < 100_000:
        return None
    period_note = "" if quantity.per in (None, "year") else f"per {quantity.per}, turned into a year"
    value = yearly(quantity)
    if re.search(r"\bmrr\b", nearby, re.I) and quantity.per is None:
        value, period_note = map_value(quantity.value, 12.0), "monthly recurring revenue times 12"
    return _money(scene, "annual_revenue", value, 0.94 if not weak else 0.8, period_note)


def engineer_cost(scene: Scene) -> FactCandidate | None:
    """Read "an engineer costs us 150k", "$180k fully loaded"."""
    quantity = scene.quantity
    nearby = f"{scene.left[-70:]} {scene.right[:45]}"
    before = scene.previous
    if before is not None and before.unit == "engineers" and re.match(r"\s?(?:apiece|each)\b", scene.right, re.I):
        nearby = f"{before.quote} {nearby}"
    if not _is_amount(quantity) or not _ENGINEER.search(nearby) or not _ENGINEER_COST.search(nearby):
        return None
    value = yearly(quantity)
    if (
        not 15_000 <= lower(value) <= upper(value) <= 1_500_000
        or scene.near(_REVENUE)
        or _BUDGET.search(scene.left[-40:])
    ):
        return None
    note = "" if quantity.per in (None, "year") else f"per {quantity.per}, turned into a year"
    return _money(scene, "engineer_cost", value, 0.92, note)


def _is_amount(quantity: Quantity) -> bool:
    """Money, or a bare number that the words around may make money."""
    bare = quantity.kind == "count" and quantity.unit in ("", "items") and not quantity.head
    return quantity.kind == "money" or bare


def _money(scene: Scene, key: str, value: FactValue, confidence: float, note: str = "") -> FactCandidate:
    """Propose an amount; a foreign currency is named, not converted, and a missing one is said to be dollars."""
    currency = scene.quantity.currency
    if currency is None:
        note = "; ".join(filter(None, [note, "no currency named; read as US dollars"]))
        return scene.propose(key, value, min(confidence, 0.85), note)
    if currency != "USD":
        note = "; ".join(filter(None, [note, f"in {currency}; to be converted to US dollars"]))
        return scene.propose(key, value, confidence, note, currency)
    return scene.propose(key, value, confidence, note)
