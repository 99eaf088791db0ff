"""Reads answers that mean something only because of the question: yes, no, and phrases of the bank by heart."""

from dataclasses import dataclass

from agent.reading.examples import NOTHING, load_bank
from agent.reading.patterns import pattern


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
    for name, value in (("yes", fact.if_yes), ("no", fact.if_no)):
        match = pattern(name).match(plain)
        if match and value != NOTHING:
            start, end = match.span("quote")
            rest = message[end:].strip(" \t\n.,;:!–—-")
            return ShortAnswer(value, message[start:end], not rest)
    return None


def is_yes_or_no(words: str) -> bool:
    """Say whether the words are a bare yes or no."""
    plain = words.replace("’", "'")
    return any(
        (match := pattern(name).match(plain)) and not plain[match.end() :].strip(" .,!") for name in ("yes", "no")
    )
