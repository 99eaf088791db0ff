"""Tells what a message states from what it asks or supposes, and what it denies or doubts. It knows no facts."""

import re

from agent.recognise.spans import sentences

_OPENER = re.compile(
    r"(?:^|(?<=[,:;(–—-])|\b(?:so|and|but|then|or|also|ok|okay|hey|hi|hello|well|btw|by the "
    r"way|just curious)\b)[\s,]{0,2}"
    r"(?P<opener>(?:what|which|who|how|why|when|where|is|are|does|do|did|can|could|should|"
    r"would|will|has|have|isn['’]t|aren['’]t|don['’]t|what['’]s|am|may|shall)\b)",
    re.I,
)
_ABOUT_US = re.compile(
    r"^\s*(?:(?:can|could|would|will) (?:you|someone|anyone|u)\b|what (?:model|should we|"
    r"should i|would you|do you (?:suggest|recommend))|which (?:model|option|one|llm)|how "
    r"much (?:would|does|will|is)|"
    r"where should|how (?:should|can|could|would|do) (?:we|i)\b|should (?:we|i)\b|(?:is|are) "
    r"there (?:a|an|any) (?:model|option|way|llm)|do you (?:think|have|know))",
    re.I,
)
_SUPPOSED = re.compile(
    r"\b(?:what if|suppose|supposing|imagine|assume|assuming|let['’]?s say|say we|if (?!it helps|that helps|i remember|"
    r"i['’]m not|you (?:ask|must|want to know|need to know)|anything)(?:we|"
    r"it|the|our|volume|traffic|that|this|instead|there|i|you|data)\b|hypothetically|"
    r"what would (?:change|happen)|whatif|as though|picture an?|if only|show me (?:the|it|what)|redo the|"
    r"for the sake of argument|consider the case|(?:try|play|run) (?:it|this|that) "
    r"(?:through )?with|just (?:to see|for fun|for the sake)|pretend|say (?:growth|traffic|volume|the|"
    r"electricity|our|price|it)\b(?=.*\?)|how about if|in case (?:we|it)|were we to|would it (?:change|"
    r"matter|help))",
    re.I,
)
_FRAGMENT = re.compile(r"^\s*(?:and |but |or )?(?:with|at|what about|how about)\b", re.I)
_ASKING = re.compile(r"^\s*(?:whats|what['’]s|what is|what are|how many|how much|how long|do i|is that|is it)\b", re.I)
_DENIAL = re.compile(
    r"(?:\b(?:no|not|never|none|nobody|nothing|without|neither|nor|cannot|lacks?|lacking|"
    r"free of|hardly any|instead of|rather than|zero|aren['’]?t|isn['’]?t|don['’]?t|doesn['’]?t|"
    r"didn['’]?t|won['’]?t|can['’]?t|haven['’]?t|hasn['’]?t|wouldn['’]?t|dont|doesnt|havent|"
    r"isnt|arent)\b|n['’]t\b|\bnon-(?=\w))",
    re.I,
)
_NOT_DENIAL = re.compile(
    r"\bnot only\b|\bno (?:problem|issue|doubt|worries|wonder|matter)\b|\bnot (?:just|to "
    r"mention)\b|^\s*(?:no|nope|nah)\s?[,.!–—-]|\bwhy not\b|\bno more than\b|\bnot more than\b|"
    r"\bcan['’]t (?:wait|do without)\b",
    re.I,
)
_CUT = re.compile(
    r"[;:.!?()–—]|\b(?:but|however|although|though|because|since|while|whereas|which|except|instead)\b"
    r"|(?:,|\band\b)\s(?:we|our|the|it|they|you|i|there|this|that|but|and|so|just|only|everything|"
    r"all|have|use|want|need|must|run|is|are|also|currently|some)\b|\bso\b",
    re.I,
)
_AFTER = re.compile(
    r"^[\s,]{0,2}(?:data|stuff|information|documents?|models?|rules?|requirements?|compliance|"
    r"itself)?\s?(?:(?:is|are|was|were|does|do|has|have|will|would|should|must|may|can)(?:\s(?:not|"
    r"never)|n['’]t)\b|never\b|isn['’]t|(?:is|are) (?:irrelevant|out of scope|no (?:issue|"
    r"topic|concern|problem|option))|not\b(?! only))",
    re.I,
)
_SENDING = re.compile(
    r"\b(?:send\w*|shar\w+|leav\w+|let|allow\w*|upload\w*|giv\w+|go|going|expos\w+|pass\w*|transfer\w*|hand\w*|put\w*)\b",
    re.I,
)
_DOUBT = re.compile(
    r"\b(?:not sure|unsure|don['’]?t know|do not know|no idea|unclear|maybe|might|perhaps|"
    r"whether|undecided|wonder\w*|possibly|depends|debating|considering|thinking (?:about|"
    r"of)|may or may not|haven['’]?t decided|could be)\b",
    re.I,
)


def unsettled(text: str, *, conditions: bool = True) -> list[tuple[int, int]]:
    """Return the stretches that ask or suppose rather than state; without `conditions`, only those that ask.

    A question about the user's own work ("which model for labelling 40k tickets a day?") states the work.
    """
    found: list[tuple[int, int]] = []
    for sentence in sentences(text):
        supposed = _SUPPOSED.search(sentence.text)
        if supposed and (conditions or sentence.is_question):
            whole = re.match(r"just|try|run|play|show|redo|as though", supposed.group(), re.I)
            found.append((sentence.start if whole else sentence.start + supposed.start(), sentence.end))
        if sentence.is_question and _FRAGMENT.match(sentence.text):
            found.append((sentence.start, sentence.end))
        if not sentence.is_question and _ASKING.match(sentence.text):
            found.append((sentence.start, sentence.end))
        if sentence.is_question:
            opener = _OPENER.search(sentence.text)
            if opener is None and len(sentence.text.split()) <= 4 and not re.search(r"[0-9]", sentence.text):
                found.append((sentence.start, sentence.end))
            if opener and not _ABOUT_US.match(sentence.text[opener.start("opener") :]):
                found.append((sentence.start + opener.start("opener"), sentence.end))
    return found


def denied(text: str, start: int, end: int, opening: int = 0) -> bool:
    """Whether a denial governs the words from `start` to `end`; `opening` is where their sentence starts."""
    window = text[max(opening, start - 70) : start]
    cuts = list(_CUT.finditer(window))
    window = window[cuts[-1].end() :] if cuts else window
    window = _NOT_DENIAL.sub(lambda match: " " * len(match.group()), window)
    denials = list(_DENIAL.finditer(window))
    if denials and len(window[denials[-1].end() :].split()) <= 8:
        return not (len(denials) == 2 and re.match(r"without|lack|free", denials[-1].group(), re.I))
    return bool(_AFTER.match(text[end : end + 40]))


def only_sending(text: str, start: int, opening: int = 0) -> bool:
    """Whether the words before are about sending: "never send patient notes" denies the sending, not the notes."""
    window = text[max(opening, start - 50) : start]
    return bool(_SENDING.search(window))


def doubted(text: str, start: int, opening: int = 0) -> bool:
    """Whether the speaker is unsure about the words at `start`."""
    return bool(_DOUBT.search(text[max(opening, start - 60) : start]))
