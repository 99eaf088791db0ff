"""Tells what a message wants: rules for what is said plainly, the example bank for the rest. It knows no graph."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.reading.classifier import Guess
from agent.reading.commands import command_in
from agent.reading.reading import Command, Intent
from agent.reading.segments import questions

_START = r"^(?:(?:and|but|so|ok|okay|hm+|well|oh|hey|sure|fine|wait|sorry|just|also)\b[\s,.:!-]*)*"
_WHY = re.compile(
    rf"{_START}(?:why(?: (?:on earth|exactly))?(?:\s?\?*$|(?: (?:do|are|would|did|should|must|does|is|was|have|can't|not|this|that|the|those|these|self|hosted|so|me))+\b"
    r"(?=.*\b(?:you|ask\w*|question|that|this|it|know|need\w*|relevant|matter\w*|important|verdict|recommend\w*|result|option|self-host\w*|choice|chos\w*|pick\w*|suggest\w*|model)\b))"
    r"|(?:what|how)(?:'s| is| are| does| do| did| would)?\b.{0,24}\b(?:reason|point|relevan\w+|got to do|have to do|has to do|purpose)\b"
    r"|what (?:would|do|did|will) you (?:need|want|use).{0,40}\bfor\b"
    r"|what (?:difference|matter)\w* (?:does|would|will) (?:it|that|this)"
    r"|how did (?:you|it) (?:get|come|arrive|reach|decide|conclude)|what(?:'s| is) (?:that|this|it) (?:good )?for\b"
    r"|(?:does|is) (?:that|this|it) (?:really )?(?:matter|relevant|necessary|important)|how come\b"
    r"|(?:explain|tell me|i (?:don't|do not) (?:see|understand|get)) why (?:you|that|this|it|we)\b)",
    re.IGNORECASE,
)
# Why-questions about the world, not about the interview, are questions.
_WHY_WORLD = re.compile(r"\bwhy (?:is|are|was|were|does|do|did) (?:the )?(?!(?:you|it|this|that|we)\b)[\w-]+", re.IGNORECASE)
_INTERVIEW = re.compile(r"\b(?:you|ask\w*|question|verdict|recommend\w*|relevant|matters?|important|this|that|result|our|my|your)\b", re.IGNORECASE)
_WHAT_IF = re.compile(
    r"\b(?:what if|what happens (?:if|when)|what would (?:happen|change|it (?:look|cost|be))|suppos(?:e|ing)\b(?! to)|hypothetical\w*|imagine\b"
    r"|how would (?:it|that|this|things|the (?:verdict|result|answer|cost|picture)) (?:look|change|be|differ)"
    r"|(?:what|how) about (?:if|with|without|at)\b|what changes (?:if|when|with)|(?:and|but) if (?:we|it|the|our|i)\b"
    r"|would (?:it|that|this|the (?:verdict|answer|result|recommendation))\b.{0,30}\b(?:change|differ\w*|still|matter)\b"
    r"|(?:let's|let us) (?:say|assume|pretend|suppose)|assum(?:e|ing) (?:we|that|the|our|it)|say we (?:had|were|got|grew|doubled))"
    r"|^if (?:we|it|the|our|i)\b.*(?:\?|\bthen\b|\bwhat\b)",
    re.IGNORECASE,
)
_CORRECTION = re.compile(
    r"(?:\b(?:i (?:meant|misspoke|mistyped|was wrong|got (?:that|it) wrong|made (?:a|an) (?:mistake|error|typo)|take that back|have to (?:correct|revise|take)|said .{1,40}\bbut)"
    r"|scratch that|correction|typo|make (?:that|it) (?!a\b)|should (?:have been|be|read)\b.{0,30}(?:instead|not|rather)|should have (?:been|said|read)|let me (?:correct|rephrase|fix|revise)|correct (?:myself|that)|(?:need|want|like) to (?:fix|correct|change|revise|update)"
    r"|(?:that|the (?:earlier|previous|last|first) (?:\w+ )?)(?:number|figure|answer|value|one)?\s?was (?:wrong|incorrect|not right|not correct|a mistake)|forget what i said|what i said (?:earlier|before|about)|earlier i said|my mistake|on second thou?ght|instead of what|i gave you (?:the )?wrong)\b"
    r"|^\W*(?:no,? |oh,? |ah,? |hm+,? )*(?:wait|hold on|oops|whoops|actually|pardon|apologies|my bad)\b"
    r"|^\W*(?:oh |ah |ups |no )?sorry[,.:! -]+(?!no\b|i don|i can|but|what|can you|not|i have no|we don't know)"
    r"|^\W*(?:please )?(?:change|correct|update|set|replace|fix|amend) (?:the |my |our |that |it )"
    r"|\bnot [\w.,$€£%-]+(?: \w+){0,2},? but (?:rather )?[\w.,$€£%-]+|,? not [\d.,]+\s?[kKmM%]?\b[.! ]*$)",
    re.IGNORECASE,
)
_SKIP = re.compile(
    rf"{_START}(?:(?:i|we)(?:'m| am| are|'re)? (?:really |honestly |just |simply |truly )*(?:don't|do not|dont|can't|cannot|couldn't|could not|can not|wouldn't|haven't|have not|have no|haven't got|not)"
    r"(?: (?:really|currently|yet|yes|at all|even|got|a|an|any|the|be able to))* (?:know|tell|say|sure|idea|clue|answer|faintest|foggiest|figure|numbers?|data|certain|measured?|measured that|decided that|looked|thought|worked that out|quantif\w+|estimate)\b"
    r"|(?:no|not a|not the (?:faintest|foggiest|slightest)) (?:clue|idea|comment|answer|numbers?|data|figures?|info\w*|opinion)\b|not (?:really )?(?:sure|certain|known|applicable|relevant)\b|n/a\b|dunno|idk\b|unknown\b"
    r"|skip\b|pass\b(?! (?:the|on the|rate))|let'?s (?:pass|skip)|(?:i'll|we'll|i|i would|i'd) (?:pass|skip)\b|next(?: (?:one|question|please))*\W*$|no answer"
    r"|(?:i'd |we'd |i would |we would )?(?:rather not|prefer not|need to (?:check|ask|find out|look)|have to (?:check|ask|find out|look))|leave (?:it|that|this) (?:open|blank|empty|out)|(?:let's )?(?:come|get) back to (?:it|that|this)"
    r"|ask (?:me )?(?:that |this |it |again )?(?:later|another time|something else)|you (?:decide|choose|tell me|pick)|(?:hard|difficult|impossible) to (?:say|tell|estimate)|(?:that's |it's )?(?:anyone|anybody)'s guess|beats me|can't (?:say|tell|answer)|move on|don't know|no preference|whatever you think|haven't (?:thought|measured|decided))",
    re.IGNORECASE,
)
_ASKS_FOR = re.compile(
    rf"{_START}(?:explain|tell me|describe|define|compare|what|which|who|how|where|when|can|could|is|are|does|do|did|should|would|will|i(?:'d| would) like to (?:know|understand)|i wonder|remind me)\b",
    re.IGNORECASE,
)
_THANKS = re.compile(r"^\W*(?:hi|hello|hey|thanks|thank you|thx|cheers|good (?:morning|evening|afternoon)|great|nice|cool|ok|okay|haha|lol|wow|perfect|alright|got it|understood|makes sense)\b[^?]{0,30}$", re.IGNORECASE)
_SURE = 0.5


@dataclass(frozen=True, slots=True)
class Plain:
    """What rules alone say of a message, before its facts are read."""

    intent: Intent | None
    command: Command | None = None
    question: str = ""


def plain_intent(message: str) -> Plain:
    """Return what the message says plainly; the intent is None where it is left open."""
    text = message.replace("’", "'").strip()
    command = command_in(text)
    if command is not None:
        return Plain("command", command)
    question = questions(message)
    if _is_why(text):
        return Plain("why", None, message.strip())
    if _WHAT_IF.search(text):
        return Plain("what_if", None, question or message.strip())
    if _CORRECTION.search(text) and not question:
        return Plain("correction")
    if _SKIP.match(text):
        return Plain("skip", None, question)
    return Plain(None, None, question)


def settle_intent(message: str, plain: Plain, facts: int, asked: str | None, guesses: Sequence[Guess]) -> Intent:
    """Return the intent once it is known how many facts were read; `guesses` come from the example bank."""
    text = message.replace("’", "'").strip()
    if plain.intent == "skip" and facts:
        return "answer"
    if plain.intent is not None:
        return plain.intent
    if facts:
        return "answer"
    if plain.question or _ASKS_FOR.match(text):
        return _by_examples(guesses, {"question", "why", "what_if", "command"}, "question", 0.7)
    if _THANKS.match(text):
        return "other"
    best: Intent = "answer" if asked else "other"
    allowed = {"skip", "other", "correction", "command", "answer"} if asked else {"other", "correction", "command"}
    return _by_examples(guesses, allowed, best)


def looks_like_answer(message: str, plain: Plain, guesses: Sequence[Guess]) -> bool:
    """Say whether the message may answer the asked fact in words that no earlier stage understood."""
    if plain.intent not in (None, "correction") or _THANKS.match(message.strip()):
        return False
    asks = plain.question.strip() == message.strip()
    likely = guesses[0] if guesses else None
    return not asks and not (likely and likely.value in ("other", "skip", "command") and likely.probability > 0.8)


def _by_examples(guesses: Sequence[Guess], allowed: set[str], otherwise: Intent, sure: float = _SURE) -> Intent:
    for guess in guesses[:1]:
        if guess.value in allowed and guess.probability >= sure:
            return guess.value  # type: ignore[return-value]
    return otherwise


def _is_why(text: str) -> bool:
    if not _WHY.search(text):
        return False
    return not (_WHY_WORLD.search(text) and not _INTERVIEW.search(text))
