"""Reads answers that mean something only because of the question: yes, no, and phrases of the bank by heart."""

import re
from dataclasses import dataclass

from agent.reading.examples import NOTHING, load_bank

_YES = re.compile(
    r"^\W*(?P<quote>(?:oh )?(?:yes|yep|yeah|yup|yea|aye|indeed|certainly|definitely|absolutely|of course|sure(?: thing)?|right|correct|exactly|true|affirmative|i think so|we do|it does|it is|they do|it must|we must|we are|it will)(?: (?:we do|it does|it is|it must|we are|it will|indeed|please|of course|definitely|absolutely))?)(?=\W*$|\s*[,.;:!–—-])",
    re.IGNORECASE,
)
_NO = re.compile(
    r"^\W*(?P<quote>(?:oh |hm+ )?(?:no|nope|nah|negative|not at all|certainly not|definitely not|absolutely not|of course not|not really|false|never|we don't|it doesn't|it isn't|we do not|it does not|it is not|it won't|it will not|they don't|i don't think so|not yet)(?: (?:we don't|it doesn't|it isn't|it won't|not at all|not really|thanks|way|never))?)(?=\W*$|\s*[,.;:!–—-]|\s(?:it|we|they|that|this|there)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ShortAnswer:
    """A value that a yes or no gives to the asked fact, with the words that say it."""

    value: str
    quote: str
    whole: bool


def yes_or_no(message: str, asked: str) -> ShortAnswer | None:
    """Read a leading yes or no as a value of the asked fact; `whole` where nothing else is said."""
    fact = load_bank().facts.get(asked)
    if fact is None:
        return None
    plain = message.replace("’", "'")
    for pattern, value in ((_YES, fact.if_yes), (_NO, fact.if_no)):
        match = pattern.match(plain)
        if match and value != NOTHING:
            start, end = match.span("quote")
            rest = message[end:].strip(" \t\n.,;:!–—-")
            return ShortAnswer(value, message[start:end], not rest)
    return None


def is_yes_or_no(words: str) -> bool:
    """Say whether the words are a bare yes or no."""
    plain = words.replace("’", "'")
    return any((match := pattern.match(plain)) and not plain[match.end() :].strip(" .,!") for pattern in (_YES, _NO))
