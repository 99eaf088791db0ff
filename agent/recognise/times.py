"""Rules for durations: weeks to launch, seconds to the first token. They know no short answers and no dates."""

import re

from agent.recognise.convert import in_seconds, in_weeks
from agent.recognise.scene import Scene
from agent.recognise.values import FactCandidate, lower, upper

_LAUNCH = re.compile(
    r"\b(?:launch\w*|go(?:es|ing)?[\s-]?live|live|production|prod|ship\w*|deadline|deliver\w*|"
    r"roll\w*[\s-]?out|releas\w+|in place|up and running|deploy\w*|ready|start using|pilot|"
    r"mvp|finished|done|until we|time to market|time[- ]?line|on air|working by)\b",
    re.I,
)
_NOT_LAUNCH = re.compile(
    r"\b(?:retention|retain\w*|contract|ago|since|for the (?:past|last)|took|keep|kept|store[sd]?|"
    r"history|old|notice|hiring|response time|every|warranty|trained|commit\w*|term|reserved)\b",
    re.I,
)
_FIRST = re.compile(
    r"\b(?:first (?:tokens?|words?|characters?|letters?|response|sounds?|syllables?|bits?)|ttft|latency|"
    r"response times?|"
    r"(?:start|begin)\w*(?: \w+){0,2} (?:answer\w*|respon\w+|typ\w+|stream\w*|writ\w*|talk\w*|"
    r"reply\w*|appear\w*)|"
    r"(?:answer|respon\w+|repl\w+|text|output|words?|stream\w*|something|typing)(?: \w+){0,3} "
    r"(?:start|begin|appear|within|in under|show)\w*|(?:respond|answer|reply|react)(?:s|ed|"
    r"ing)?\b|(?:must|should|has to|have to|needs? to) (?:start|begin|respond|answer|reply|"
    r"react|appear|stream)|"
    r"(?:start|begin)s?\s?$|wait\w*|time to first|p95|p99|delay|snappy|lag)\b",
    re.I,
)
_WHOLE = re.compile(
    r"\b(?:whole|complete|entire|full|end[- ]to[- ]end|finish\w*|total|job|batch|overnight|"
    r"sla|support team|human|agents? repl\w+|turnaround|customers? wait|today|currently)\b",
    re.I,
)


_WAITING = re.compile(
    r"\b(?:waits?|waiting|stands? there|standing there|stares?|spinner|live|snappy|sub-second|hates? waiting|"
    r"first (?:word|sound|token)|"
    r"real[- ]time|answers? should be quick|autocomplete|completion)\b",
    re.I,
)


def first_token_seconds(scene: Scene) -> FactCandidate | None:
    """Read "the first token within 800 ms", "latency under 2 seconds"."""
    quantity = scene.quantity
    value = in_seconds(quantity) if quantity.kind == "duration" else None
    around = f"{scene.left[-90:]} {scene.right[:60]}"
    short = value is not None and quantity.per is None and upper(value) <= 5 and bool(_WAITING.search(scene.text))
    if (
        value is None
        or not (short or _FIRST.search(around))
        or _WHOLE.search(around)
        or not 0.001 <= lower(value) <= upper(value) <= 120
    ):
        return None
    if re.search(r"\b(?:per|every|each)\s?$", scene.left, re.I):
        return None
    explicit = re.search(r"\bfirst|ttft|start|begin|latency", around, re.I)
    note = "" if quantity.unit == "seconds" else f"{quantity.unit} turned into seconds"
    return scene.propose("first_token_seconds", value, 0.93 if explicit else 0.8, note)


_SOON_LEFT = re.compile(
    r"\b(?:(?:need|want|like|have) (?:it|this|that|them) (?:all )?(?:in|within)|(?:should|must|has to|needs to|"
    r"will|to) be up in|"
    r"(?:allows?|gives?|grants?) us|deadline (?:is|of|in)|(?:about|regarding) the launch\b.{0,40})\s?$",
    re.I,
)
_SOON_RIGHT = re.compile(
    r"\s?(?:from (?:now|today)\b|is (?:the|our) deadline|until (?:launch|go)|to (?:launch|go[- ]live))", re.I
)


# A deadline of each piece of work is none of the project.
_EACH_ITEM = re.compile(
    r"\b(?:deadline|due|turn[- ]?around|sla) (?:time )?(?:for|per|of) (?:each|every|one|an?)\b|\bturn[- ]?around\b",
    re.I,
)


def weeks_to_launch(scene: Scene) -> FactCandidate | None:
    """Read "live in six weeks", "we have 3 months to launch"."""
    quantity = scene.quantity
    converted = in_weeks(quantity) if quantity.kind == "duration" else None
    around = f"{scene.left[-80:]} {scene.right[:60]}"
    soon = _SOON_LEFT.search(scene.left) or _SOON_RIGHT.match(scene.right)
    if _EACH_ITEM.search(around):
        return None
    if converted is None or not (soon or _LAUNCH.search(around)) or _NOT_LAUNCH.search(around):
        return None
    if (
        quantity.negated
        or upper(converted[0]) > 520
        or re.match(r"\s?(?:ago|old|long|of (?:data|history|logs))\b", scene.right, re.I)
    ):
        return None
    return scene.propose("weeks_to_launch", converted[0], 0.92, converted[1])
