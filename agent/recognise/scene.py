"""Puts a quantity back among its neighbours: sentence, words to its left and right. It knows no facts."""

import re
from dataclasses import dataclass

from agent.recognise.spans import Sentence, sentence_at
from agent.recognise.values import FactCandidate, Quantity
from tools.facts import FactValue


@dataclass(frozen=True, slots=True)
class Scene:
    """A quantity with its sentence; `left` and `right` reach to the neighbouring quantities or sentence ends."""

    quantity: Quantity
    text: str
    sentence: Sentence
    left: str
    right: str
    before: str
    previous: Quantity | None
    following: Quantity | None

    def left_has(self, pattern: re.Pattern[str]) -> bool:
        """Whether the words between the previous quantity and this one match."""
        return bool(pattern.search(self.left))

    def near(self, pattern: re.Pattern[str]) -> bool:
        """Whether the quantity or the words on either side, up to the neighbouring quantities, match."""
        return bool(pattern.search(f"{self.left} {self.quantity.quote} {self.right}"))

    def anywhere(self, pattern: re.Pattern[str]) -> bool:
        """Whether the sentence matches."""
        return bool(pattern.search(self.sentence.text))

    def propose(
        self, key: str, value: FactValue, confidence: float, note: str = "", needs_conversion: str = ""
    ) -> FactCandidate:
        """Build the candidate that this quantity states."""
        quantity = self.quantity
        notes = [note, "" if quantity.hedge in ("exact", "about") else f"said as {quantity.hedge.replace('_', ' ')}"]
        joined = "; ".join(filter(None, notes))
        return FactCandidate(
            key, value, quantity.quote, quantity.start, quantity.end, confidence, joined, needs_conversion
        )


def scenes(text: str, quantities: list[Quantity], parts: list[Sentence]) -> list[Scene]:
    """Build the scene of every quantity."""
    built: list[Scene] = []
    for index, quantity in enumerate(quantities):
        sentence = sentence_at(parts, quantity.start)
        previous = quantities[index - 1] if index and quantities[index - 1].start >= sentence.start else None
        following = quantities[index + 1] if index + 1 < len(quantities) else None
        if following is not None and following.start >= max(sentence.end, quantity.end):
            following = None
        left = text[max(sentence.start, previous.end if previous else 0) : quantity.start]
        right = text[quantity.end : following.start if following else max(sentence.end, quantity.end)]
        before = text[sentence.start : quantity.start]
        built.append(Scene(quantity, text, sentence, left, right, before, previous, following))
    return built
