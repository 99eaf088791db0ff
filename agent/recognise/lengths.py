"""Rules for lengths of requests and answers, in tokens or converted to tokens. They know no short answers."""

import re
from dataclasses import replace
from functools import lru_cache

from agent.recognise.clauses import Clauses
from agent.recognise.convert import LENGTH_UNITS, in_tokens
from agent.recognise.scene import Scene
from agent.recognise.values import FactCandidate, lower, upper
from agent.recognise.words import any_of, table

_OUT = (
    r"answers?|repl(?:y|ies)|responses?|responds?|outputs?|completions?|generations?|summar(?:y|"
    r"ies)|results?|labels?|drafts?|translations?|"
    r"generat(?:es?|ed|ing)|produc(?:es?|ed|ing)|returns?|writes?|writing|(?:comes?|gets?|"
    r"getting|sends?|giv(?:es?|ing)|hands?|is|are) back|verdicts?|abstracts?|"
    r"solutions?|tags?|post(?:s)? out|spits? out|going out|out|back|digests?|explanations?|recommendations?"
)
_IN = (
    r"inputs?|prompts?|questions?|quer(?:y|ies)|requests?|instructions|going in|goes? in|"
    r"we (?:send|feed|pass|give)(?: it)?|fed|feed|in|inbound|incoming|calls?|each one|every one|texts?|payloads?"
)
_RIGHT_OUT = re.compile(
    rf"^[\s-]{{0,2}}(?:tokens? )?(?:of )?(?:the |an? |per |each |every |long |for (?:the|each|"
    rf"every|an?) |as )*(?:(?!and\b|or\b)\w+ )?(?P<word>{_OUT})\b",
    re.I,
)
_CONTEXT = re.compile(
    r"\b(?:longest|largest|biggest|fattest|thickest|monster|heaviest|record|maximum|max|worst[ -]case|"
    r"as long as|can (?:reach|hit|"
    r"get to|go to|be)|go(?:es)? up to|"
    r"context(?:[ -](?:window|length|size))?|at the (?:longest|extreme)|extreme|outliers?|"
    r"sometimes|occasionally|huge|top out at|(?:run|get|go|reach|grow)s? (?:up )?to)\b",
    re.I,
)
_CONTEXT_RIGHT = re.compile(
    r"^[\s-]{0,2}(?:of )?(?:tokens? (?:of )?)?(?:context|ctx)\b|^[\s,]{0,2}(?:at (?:the )?(?:longest|"
    r"very most|most|worst|outside)|^[\s,]{0,2}in the extreme\b|^[\s,]{0,2}(?:tokens )?(?:is|was) (?:the|"
    r"a) (?:record|maximum|limit)|in the worst case|worst case)",
    re.I,
)
_AVERAGE = re.compile(
    r"\b(?:average|avg|typical\w*|usual\w*|normal\w*|mean|median|on the whole|mostly|generally)\b", re.I
)
_FIXED = re.compile(
    r"\b(?:system (?:prompt|message)|few[- ]shot|boilerplate|fixed|shared|same|cached|constant|"
    r"manual|handbook|knowledge base|corpus|glossary|style guide|preamble|history)\b",
    re.I,
)
_BATCH = re.compile(
    r"\b(?:total|altogether|overall|in sum|archive|backlog|corpus|library|database|knowledge "
    r"base|so far|dataset|training)\b",
    re.I,
)
_EACH = re.compile(r"^[\s,]{0,2}(?:each|apiece|a piece|per (?:item|piece|unit|one))\b", re.I)
_IN_OUT = re.compile(
    r"^\s{0,2}(?:tokens? )?(?:(?P<in>in|input|of input|for the (?:prompt|input)|inbound|prompt)|"
    r"(?P<out>out|output|back|of output|for the (?:answer|output|reply|response)|outbound|"
    r"completion|response|reply|answer))\b(?! (?:the|a|our|production|total|english|german|"
    r"french|one|two)\b)",
    re.I,
)
_LABELLED = re.compile(
    r"\b(?:(?P<in>in|inputs?|prompts?)|(?P<out>out|outputs?|answers?|completions?|repl(?:y|"
    r"ies)|responses?))\s?(?:tokens?|length|size)?\s?(?:[:=~≈]|is|are|of|about|around|averages?|"
    r"roughly|approximately|->|→|,)?\s?(?:about|around|roughly|~)?\s?$",
    re.I,
)
_AGGREGATE = re.compile(r"\b(?:model|models|window|supports?|limit|offers?|budget of)\b", re.I)
MOST_TOKENS_OF_ONE_REQUEST = 5e6


@lru_cache(maxsize=1)
def _in_word() -> re.Pattern[str]:
    nouns = table("vocabulary.yaml")["work"]
    plural = [f"{noun}s" for noun in nouns]
    return re.compile(rf"\b(?:(?P<out>{_OUT})|(?P<in>{_IN}|{any_of([*nouns, *plural])}))\b", re.I)


@lru_cache(maxsize=1)
def _work_right() -> re.Pattern[str]:
    nouns = any_of([form for noun in table("vocabulary.yaml")["work"] for form in (noun, f"{noun}s")])
    return re.compile(
        rf"^[\s-]{{0,2}}(?:long )?(?:(?:a|an|per|each|every|in each|for each|for every|in "
        rf"a|in an|of|for an?|from each)\s)?(?:\w+[\s-]){{0,2}}?(?:{nouns}|prompts?|inputs?|"
        r"requests?|texts?)\b",
        re.I,
    )


def lengths(scene: Scene) -> FactCandidate | None:
    """Read a length as input, output or longest request, or say nothing when its direction is open."""
    scene = _with_inherited_unit(scene)
    quantity = scene.quantity
    if quantity.kind != "count" or quantity.unit not in LENGTH_UNITS or quantity.negated:
        return None
    if quantity.per is not None and quantity.per_adjacent:
        return None
    value, note = in_tokens(quantity)
    if not 1 <= lower(value) <= upper(value) <= MOST_TOKENS_OF_ONE_REQUEST or _BATCH.search(scene.left[-60:]):
        return None
    if re.search(r"\b(?:next|every|first|last|of the first)\s?$", scene.left, re.I):
        return None
    direction = _direction(scene)
    if direction != "out" and _is_longest(scene):
        return scene.propose("context_tokens", value, 0.92, note)
    if (
        direction is None
        or (_FIXED.search(scene.left[-50:]) and direction == "in")
        or re.match(r"\s?(?:of )?(?:\w+ )?(?:system prompt|instructions|boilerplate|history)", scene.right, re.I)
    ):
        return None
    key = "output_tokens" if direction == "out" else "input_tokens"
    sure = 0.95 if _named_behind(scene) else 0.93 if quantity.unit == "tokens" else 0.85
    return scene.propose(key, value, sure, note)


_BECOMES = re.compile(
    r"\b(?:(?:boil\w*|cut|trim\w*|shrunk|shrink\w*|condens\w+|distil\w*|squeez\w+|reduc\w+|"
    r"summari[sz]\w+) (?:\w+ ){0,3}?(?:down )?(?:in)?to|"
    r"into)\s(?:about |just |only |some )?$",
    re.I,
)


_EVERY = re.compile(
    r"\b(?:each|every|a typical|an average|the typical|the average)\s\w+\s(?:\w+\s)?(?:runs?|goes|gets) to\s$", re.I
)


def _is_longest(scene: Scene) -> bool:
    quote = scene.quantity.quote.lower()
    clauses = Clauses(scene.text)
    if _EVERY.search(scene.left[-40:]):
        return False
    left, right = clauses.left(scene.quantity.start), clauses.right(scene.quantity.end)
    if _AVERAGE.search(right[:28]) or (_AVERAGE.search(left[-60:]) and not _CONTEXT.search(left[-40:])):
        return False
    if _CONTEXT_RIGHT.search(scene.right):
        return True
    if quote.startswith(("up to", "as long as", "max", "as much as")):
        return True
    return bool(_CONTEXT.search(scene.left[-60:])) or "at most" in quote or "tops" in quote


def _direction(scene: Scene) -> str | None:
    """Decide whether the length is of what goes in or of what comes out."""
    quote = scene.quantity.quote.lower()
    if re.search(r"\b(?:input|prompt)\b", quote):
        return "in"
    if re.search(r"\b(?:output|completion|generated)\b", quote):
        return "out"
    sides = _IN_OUT.match(scene.right)
    if sides:
        return "in" if sides["in"] else "out"
    if _RIGHT_OUT.match(scene.right):
        return "out"
    if _work_right().match(scene.right):
        return "out" if re.search(r"\b(?:writ\w+|generat\w+|produc\w+|draft\w*)\b", scene.left[-30:], re.I) else "in"
    clause = Clauses(scene.text).left(scene.quantity.start)
    short = scene.left if len(clause) > len(scene.left) else clause
    if _BECOMES.search(short):
        return "out"
    left = _left_direction(short)
    if left is None and not _CONTEXT.search(short):
        left = _left_direction(scene.left)
    if left is not None:
        return left
    if _CONTEXT_RIGHT.match(scene.right) and _AVERAGE.search(scene.right[:28]):
        return "in"
    if _EACH.match(scene.right):
        return "in"
    if scene.previous is not None and scene.previous.unit in ("requests", "items") and len(scene.left) <= 40:
        return "in"
    return None


def _named_behind(scene: Scene) -> bool:
    """Whether the words right behind the length name its side: "350 tokens in", "530 tokens per ticket"."""
    right = scene.right
    return bool(_IN_OUT.match(right) or _RIGHT_OUT.match(right) or re.match(r"\s?(?:per|a|each|/)\s?\w", right))


def _left_direction(left: str) -> str | None:
    """Take the nearest word to the left that names a direction; "the reply to an email" is a reply."""
    words = list(_in_word().finditer(left[-120:]))
    window = left[-120:]
    if not words:
        return None
    last = words[-1]
    if last["in"] and len(words) > 1 and words[-2]["out"]:
        between = window[words[-2].end() : last.start()]
        if re.fullmatch(
            r"\s(?:to|for|of|on|about|per|in|from)\s(?:(?:a|an|the|each|every|one|our)\s)?(?:\w+\s)?", between, re.I
        ):
            return "out"
    if last["in"] and last["in"].lower() == "in" and not re.search(r"[:=]?\s?$", window[last.end() :]):
        return None
    return "out" if last["out"] else "in"


def _with_inherited_unit(scene: Scene) -> Scene:
    """Give a bare number the unit of the length before it: "350 tokens in, 20 out", "input: 350, output: 20 tokens"."""
    quantity = scene.quantity
    if (
        quantity.kind != "count"
        or quantity.unit not in ("", "items")
        or (quantity.per is not None and quantity.per_adjacent)
    ):
        return scene
    neighbour = next((item for item in (scene.previous, scene.following) if item and item.unit in LENGTH_UNITS), None)
    spoken = (
        neighbour.unit if neighbour else "tokens" if re.search(r"\btok(?:en)?s?\b", scene.sentence.text, re.I) else None
    )
    labelled = _IN_OUT.match(scene.right) if quantity.unit == "" else None
    named = _LABELLED.search(scene.left) if quantity.unit == "" else None
    output_noun = (
        quantity.unit == ""
        and neighbour is not None
        and neighbour is scene.previous
        and _left_direction(scene.left) is not None
        and re.search(
            r"(?:\b(?:is|are|of|average[sd]?|around|about|be|has|have|answers?|repl(?:y|ies)|"
            r"outputs?|responses?)|[:=~])\s?$",
            scene.left,
            re.I,
        )
    )
    context = _CONTEXT_RIGHT.match(scene.right) or re.search(
        r"\bcontext(?:[ -](?:window|length|size))?\s?(?:is|of|:|around|about|needs?|=)?\s?$", scene.left, re.I
    )
    if context and quantity.unit == "" and upper(quantity.value) >= 1000:
        return replace(scene, quantity=replace(quantity, unit="tokens", per=None))
    paired = labelled and _pair(scene)
    if neighbour is not None and neighbour is scene.previous and quantity.per is None and _continues(scene):
        return replace(scene, quantity=replace(quantity, unit=neighbour.unit, per=None))
    if (spoken and (labelled or named or output_noun)) or paired:
        return replace(scene, quantity=replace(quantity, unit=spoken or "tokens", per=None))
    return scene


def _continues(scene: Scene) -> bool:
    """Whether a bare number goes on listing lengths: "prompts avg 3,200 tokens, longest 48,000, replies avg 210"."""
    if (
        scene.quantity.unit
        or scene.quantity.hedge == "at_least"
        or not re.match(r"\s?(?:$|[,.;)]|in the extreme|on average|at )", scene.right)
    ):
        return False
    clause = Clauses(scene.text).left(scene.quantity.start)
    listed = _CONTEXT.search(clause) or _left_direction(clause) is not None or re.search(r"\bsource\b", clause)
    return bool(
        listed or re.match(r"\s?in the extreme|\s?on average|\s?at (?:the )?(?:very )?(?:most|worst)", scene.right)
    )


def _pair(scene: Scene) -> bool:
    """Whether "350 in" stands beside "20 out": then both are tokens even without the word."""
    other = scene.following or scene.previous
    if other is None or other.unit:
        return False
    text = scene.sentence.text
    return bool(re.search(r"[0-9kK]\s(?:in|input)\b", text) and re.search(r"[0-9kK]\s(?:out|output)\b", text))
