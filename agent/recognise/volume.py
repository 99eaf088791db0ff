"""Rules for volumes: requests per day, tokens per month, the peak. They know no short answers."""

import re

from agent.recognise.convert import daily, in_tokens, monthly_count
from agent.recognise.hours import open_hours
from agent.recognise.scene import Scene
from agent.recognise.values import FactCandidate, lower, map_value, upper
from tools.facts import Range

PER_PERSON = re.compile(
    r"\b(?:everyone|everybody|each of (?:them|us|these)|all of them)\b|\b(?:each|every|per|"
    r"an?|one|single|typical|average)\s(?:\w+\s)?(?:user|person|agent|employee|customer|analyst|"
    r"lawyer|developer|"
    r"engineer|doctor|nurse|member|visitor|head|seat|colleague|client|team|store|branch|site|"
    r"office|tenant|session)\b(?!['’]s? tickets?)"
    r"|\bapiece\b|\b(?:user|person|employee|customer)s?\s(?:each|asks?|sends?|makes?)\b",
    re.I,
)
PEAK = re.compile(
    r"\b(?:peak\w*|busiest|busy (?:hour|day|season)|rush|spik\w+|burst\w*|maximum load|top out|black friday|worst)\b",
    re.I,
)
_CHANGE = re.compile(
    r"\b(?:grow\w*|increas\w+|ris(?:e|es|ing)|add(?:s|ed|ing)?|more than (?:last|now)|shrink\w*|"
    r"drop\w*) (?:by|another|about|of)?\s*$|\badditional\b|\bextra\b|\bmore\s*$",
    re.I,
)
_VOLUME = re.compile(
    r"\b(?:volumes?|traffic|load|throughput|requests?|quer(?:y|ies)|calls?|tickets?|messages?|"
    r"emails?|documents?|conversations?|"
    r"chats?|invoices?|questions?|cases?|transactions?|orders?|we(?:['’]re| are)? (?:get|"
    r"got|getting|see|seeing|handle|handling|process|processing|receive|receiving|serve|do|"
    r"doing|run|expect|deal with|have)|"
    r"average|handl\w+|process\w*|expect\w*|items?|workload|receiv\w+|come in|it['’]?s|it (?:is|was)|usage|"
    r"would be|will be|that['’]?s|then|make (?:that|it)|call it)\b",
    re.I,
)
_OTHER_SUBJECT = re.compile(
    r"\b(?:budget|spend\w*|pay\w*|costs?|bill|price|salary|revenue|users?|people|employees|"
    r"visitors|tokens?|hours?|growth|uptime|outage|downtime|hire|pages?|words?)\b",
    re.I,
)
_LIMIT = re.compile(r"\b(?:rate[- ]limit\w*|quota|limited to|hires?|meetings?|deploy\w*|releases?|outages?)\b", re.I)
_PAST = re.compile(r"\b(?:used to|last (?:year|quarter) (?:it|we)|back then|in the past|previously|originally)\b", re.I)
_TOKENS_TOTAL = re.compile(
    r"\b(?:usage|consum\w+|burn\w*|volume|use|using|throughput|spend|process\w*|total|run|"
    r"push\w*|go(?:ing)? through|handle)\b",
    re.I,
)
_DIRECTION = re.compile(r"\b(?:input|output|prompt|completion|generated)\b", re.I)
_USER_SPEED = re.compile(
    r"\b(?:users?|stream\w*|reader|read\w*|see|sees|feel|generation speed|output speed|decod\w*|"
    r"fast|speed|each|per session|type|typing|at least)\b",
    re.I,
)
SHORT_PERIODS = ("second", "minute", "hour")
# A rate that holds only for hours of which nobody says how many they are gives no number a day.
_SOME_HOURS = re.compile(
    r"\b(?:(?:during|in|within|only) (?:the |our )?(?:office|business|working|opening|school|core) hours|"
    r"(?:during|in) the (?:day|daytime|evenings?|mornings?))\b",
    re.I,
)
_AVERAGE = re.compile(r"\b(?:average|avg|normal|usual|mean|typical|baseline|rest of|quiet|off-peak|otherwise)\b", re.I)
MOST_TOKENS_PER_SECOND_FOR_ONE_USER = 500.0  # beyond this nobody reads along: it is the throughput of a whole service


def requests_per_day(scene: Scene) -> FactCandidate | None:
    """Read "40k tickets a day", "3 requests per second", "volume is 2 million a month"."""
    quantity = scene.quantity
    if quantity.kind != "count" or quantity.per in (None, "kWh"):
        return None
    lines = quantity.head.lower() == "lines" and quantity.per_adjacent
    visits = quantity.unit == "customers" and quantity.per_adjacent and quantity.per in ("hour", "day", "working day")
    if quantity.unit not in ("requests", "items", "") and not (lines or visits):
        return None
    left = scene.left[-80:]
    right = re.split(r"[,;:]|\b(?:and|but)\b", scene.right[:50])[0]
    around = f"{left} {quantity.quote} {right}"
    if (
        PEAK.search(left)
        or PEAK.search(right)
        or _LIMIT.search(around)
        or PER_PERSON.search(around)
        or _CHANGE.search(left)
    ):
        return None
    if _PAST.search(left) or re.match(
        r"\s?(?:,\s)?(?:each|apiece)\b(?!\s(?:day|week|month|hour|minute|year|of which))", right, re.I
    ):
        return None
    if upper(quantity.value) <= 0 or lower(quantity.value) < 0:
        return None
    if quantity.unit == "":
        if _OTHER_SUBJECT.search(left[-45:]) or not (quantity.per_adjacent or _VOLUME.search(left)):
            return None
        if (
            not _VOLUME.search(left)
            and left.strip()
            and quantity.hedge == "exact"
            and not re.search(r"[,:(]\s?$", left)
        ):
            return None
    passing = re.search(r"\b(?:this|next|last) (?:year|month|week|quarter)\s?$", quantity.quote, re.I)
    if quantity.unit == "items" and (passing or quantity.head.lower() == "actives"):
        return None
    daily_opening = re.match(r"\s*(?:each|every) (?:day|week|month|hour|working day)\b", scene.left, re.I)
    if quantity.unit == "items" and not quantity.per_adjacent and not daily_opening and not _VOLUME.search(around):
        return None
    if quantity.per in SHORT_PERIODS and open_hours(scene.text) is None and _SOME_HOURS.search(scene.sentence.text):
        return None
    value, note = _while_open(scene, *daily(quantity))
    confidence = 0.97 if quantity.unit == "requests" and quantity.per_adjacent else 0.9
    return scene.propose("requests_per_day", value, confidence if quantity.unit else 0.85, note)


def _while_open(scene: Scene, value: float | Range, note: str) -> tuple[float | Range, str]:
    """Count only the hours in which the service is open, where the message names them."""
    hours = open_hours(scene.text) if scene.quantity.per in SHORT_PERIODS else None
    return (value, note) if hours is None else (map_value(value, hours / 24), f"over {hours:g} hours a day")


def tokens_per_month(scene: Scene) -> FactCandidate | None:
    """Read "3 billion tokens a month"."""
    quantity = scene.quantity
    if quantity.kind != "count" or quantity.unit not in ("tokens", "words") or quantity.per in (None, "second", "kWh"):
        return None
    around = f"{scene.left[-60:]} {scene.right[:30]}"
    if _DIRECTION.search(quantity.quote) or PER_PERSON.search(around) or PEAK.search(around):
        return None
    if re.match(r"\s?(?:of\s)?(?:input|output|in|out)\b", scene.right, re.I) or _DIRECTION.search(scene.left[-25:]):
        return None
    if not quantity.per_adjacent and not _TOKENS_TOTAL.search(scene.left) and upper(quantity.value) < 1e6:
        return None
    if re.match(r"\s?(?:[A-Za-z]+\s)?(?:each|apiece|per (?:request|call|ticket|user))", scene.right, re.I):
        return None
    value, note = monthly_count(quantity)
    if quantity.unit == "words":
        if not quantity.per_adjacent or upper(quantity.value) < 1e5:
            return None
        value, note = (
            map_value(value, upper(in_tokens(quantity)[0]) / upper(quantity.value)),
            f"words turned into tokens; {note}",
        )
    return scene.propose("tokens_per_month", value, 0.95, note)


def tokens_per_second(scene: Scene) -> FactCandidate | None:
    """Read "30 tokens per second" as what one user must see."""
    quantity = scene.quantity
    if (
        quantity.unit != "tokens"
        or quantity.per != "second"
        or upper(quantity.value) > MOST_TOKENS_PER_SECOND_FOR_ONE_USER
    ):
        return None
    clear = scene.anywhere(_USER_SPEED)
    return scene.propose("tokens_per_second", quantity.value, 0.93 if clear else 0.8)


_TIMES_MEAN = re.compile(
    r"\s?(?:as (?:much|many|busy) as )?(?:at month end )?(?:versus |over |above )?(?:an?|the|our) (?:average|"
    r"mean|normal|usual|typical|ordinary) "
    r"(?:hour|load|day|traffic|volume)|\s?(?:the|our) (?:average|mean)\b|\s(?:at|on|in) [\w ]{2,20} (?:versus|"
    r"over|vs) (?:a|the) (?:normal|average|usual)",
    re.I,
)


def peak_factor(scene: Scene) -> FactCandidate | None:
    """Read "peak is 4x", "five times the average at peak", "a peak factor of 3"."""
    quantity = scene.quantity
    sentence = f"{scene.left} {scene.right}"
    mean = quantity.kind == "multiplier" and _TIMES_MEAN.match(scene.right)
    if mean and 1 < lower(quantity.value) <= upper(quantity.value) <= 1000:
        return scene.propose("peak_factor", quantity.value, 0.9)
    if not PEAK.search(sentence) or not 1 <= lower(quantity.value) <= upper(quantity.value) <= 1000:
        return None
    if quantity.kind == "multiplier":
        return scene.propose("peak_factor", quantity.value, 0.93)
    named = re.search(
        r"\bpeak(?:[- ]to[- ](?:average|avg|mean|base))?[\s-](?:factor|ratio|multiplier)\s?(?:is|"
        r"of|=|:|around|about)?\s?(?:about|around|roughly)?\s?(?:of\s)?$|\bpeak/(?:avg|average|mean)\s?[:=]?\s?$",
        scene.left,
        re.I,
    )
    if quantity.kind == "count" and quantity.unit in ("", "other") and quantity.per is None and named:
        return scene.propose("peak_factor", quantity.value, 0.93)
    return None


def peak_from_pair(scene: Scene) -> FactCandidate | None:
    """Read "peak-to-average ratio 4:1" and "300% of the average at peak"."""
    quantity = scene.quantity
    if (
        quantity.kind == "share"
        and not isinstance(quantity.value, Range)
        and quantity.value >= 1
        and PEAK.search(scene.left)
    ):
        times = re.match(r"\s?(?:of|the) (?:the )?(?:average|normal|usual|mean)", scene.right, re.I)
        return scene.propose("peak_factor", quantity.value, 0.85, "percent of the average") if times else None
    return None
