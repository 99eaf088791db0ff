"""Makes a question that leans on an earlier one stand alone, by its shape. It searches nothing and answers nothing."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from agent.reading.asks import questions

# "it", "that" and the like where they stand for something said before, not for the rest of their own sentence.
_POINTS_BACK = re.compile(
    r"\b(?:is|are|was|were|does|do|did|can|could|will|would|should|has|have|about|of|for|with|by|on|in|to|than|if|why"
    r"|how|mean|means|use|change|changes)\s+(?:that|this|it|they|them|those|these|one|ones)\b(?!\s+\w+\s+to\b)"
    r"|\b(?:the same|the other one|the latter|the former|as well|instead|then|else)\b",
    re.IGNORECASE,
)
_LEADS_ON = re.compile(r"^\s*(?:and|but|or|so|also|then|what about|how about|same for|what if not)\b", re.IGNORECASE)
_SHORT = re.compile(
    r"^\s*(?:why(?: not| so| is that)?|how so|how come|since when|really|for example|such as|meaning|says who"
    r"|(?:for|in|with|on|at|under|without|until)\b[^?]{1,40})\s*[?.!]*\s*$",
    re.IGNORECASE,
)
_BARE_WHY = re.compile(r"^\s*(?:why|how come)\s*[?.!]*\s*$", re.IGNORECASE)
_WORD = re.compile(r"[^\W_][\w.+-]*", re.UNICODE)
# Words that are no subject of their own.
_PLAIN = frozenset(
    re.findall(
        r"\w+",
        "a an the and but or so also then what how about why is are was were be does do did can could will would "
        "should has have had it its that this they them their those these one ones same true of for with by on in "
        "to than if not no yes we our us i my you your me there any some much many more less which who when where "
        "mean really at as well else instead other need happen happens ok okay case",
    )
)
_SIZE = re.compile(r"^\d+(?:\.\d+)?[bBmMkK]?$")
MOST_WORDS = 12
# A question with more subject words of its own is understood without the earlier one.
MOST_SUBJECTS = 3
# Only what was asked within this many of the user's messages is still what "it" means.
STILL_MEANT = 3


def standing_alone(question: str, earlier: str) -> str:
    """Return the question with the subject of the earlier one where it leans on that; else as it is."""
    if not earlier or not leans_back(question):
        return question
    return f"{question.strip()} {_subject(earlier, question)}".strip()


def leans_back(question: str) -> bool:
    """Say whether a question has the shape of one that means nothing, or something else, alone."""
    words = _WORD.findall(question)
    if not words or len(words) > MOST_WORDS:
        return False
    if _SHORT.match(question):
        return True
    if len(_subjects(question)) > MOST_SUBJECTS:
        return False
    return bool(_LEADS_ON.match(question) or _POINTS_BACK.search(question))


def asked_before(transcript: Sequence[Mapping[str, Any]]) -> str:
    """Return what was last asked and answered from passages, standing alone; the last user line is the new question."""
    turns = _turns(transcript)[:-1]
    earlier, since = "", 0
    for text, answered in turns:
        since += 1
        if answered:
            asked = questions(text) or text
            earlier, since = standing_alone(asked, earlier if since <= STILL_MEANT else ""), 0
    return earlier if since < STILL_MEANT else ""


def follows_answer(transcript: Sequence[Mapping[str, Any]], pending: str) -> bool:
    """Say whether the last message leans on an answer given just before it.

    A bare "why?" is about the question that stands open, unless that is only the invitation to describe a workload.
    """
    turns = _turns(transcript)
    if len(turns) < 2 or not turns[-2][1]:
        return False
    text = turns[-1][0]
    return leans_back(text) and not (_BARE_WHY.match(text) and pending not in ("open", "rest"))


def _turns(transcript: Sequence[Mapping[str, Any]]) -> list[tuple[str, bool]]:
    """Return each message of the user, and whether passages were cited before the next."""
    turns: list[tuple[str, bool]] = []
    for line in transcript:
        if line["role"] == "user":
            turns.append((line["text"], False))
        elif turns and line["citations"]:
            turns[-1] = (turns[-1][0], True)
    return turns


def _subject(earlier: str, question: str) -> str:
    """Return the earlier question without the size or name that the new one puts in its place."""
    new = _WORD.findall(question)
    sized, named = any(_SIZE.match(word) for word in new), any(_is_name(word) for word in new)
    first, *rest = _WORD.findall(earlier)
    kept = [word for word in rest if not (sized and _SIZE.match(word)) and not (named and _is_name(word))]
    return " ".join([first, *kept])


def _subjects(question: str) -> list[str]:
    return [word for word in _WORD.findall(question) if word.lower() not in _PLAIN]


def _is_name(word: str) -> bool:
    """Names as people write them: capitalised, and no shorthand such as GPU or API."""
    return word[0].isupper() and not word.isupper() and word.lower() not in _PLAIN
