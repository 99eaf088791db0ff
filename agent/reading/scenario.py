"""Turns the relative changes of a what-if ("twice the volume") into values. It knows no graph."""

import re
from collections.abc import Mapping

from agent.reading.reading import ReadFact
from tools.facts import FactValue, Range

_TIMES = {
    "double": 2.0, "doubles": 2.0, "doubled": 2.0, "twice": 2.0, "two times": 2.0, "triple": 3.0, "triples": 3.0,
    "tripled": 3.0, "three times": 3.0, "quadruple": 4.0, "four times": 4.0, "five times": 5.0, "ten times": 10.0,
    "a hundred times": 100.0, "half": 0.5, "halve": 0.5, "halved": 0.5, "a third of": 1 / 3, "a quarter of": 0.25,
}  # fmt: skip
_FACTOR = re.compile(
    r"(?P<digits>\d+(?:\.\d+)?)\s?(?:x|×|times|-fold|fold)(?!\w)|(?P<word>"
    + "|".join(sorted(_TIMES, key=len, reverse=True))
    + r")\b",
    re.IGNORECASE,
)
_NOUNS = (
    ("requests_per_day", r"volume|traffic|load|requests|tickets|calls|users|usage|demand|scale|grow\w*"),
    ("output_tokens", r"output|answers?|replies"),
    ("input_tokens", r"input|prompts?|documents?"),
    ("tokens_per_month", r"tokens?"),
    ("input_tokens", r"tokens?"),
    ("monthly_budget", r"budget"),
    ("platform_engineers", r"engineers|staff"),
)  # fmt: skip


# "What if it doubles?" is about how much there is of the work.
_ALL_OF_IT = re.compile(
    r"\b(?:it|that|this|everything|things|we)(?:['’]s| is| was| were| had| got| gets| went| goes| would| should| will|"
    r" might| all| more than)*\s$",
    re.IGNORECASE,
)


def relative_changes(message: str, known: Mapping[str, FactValue]) -> list[ReadFact]:
    """Read factors on known numbers; the quote is the user's words for the factor."""
    found: list[ReadFact] = []
    for match in _FACTOR.finditer(message):
        factor = float(match["digits"]) if match["digits"] else _TIMES[match["word"].lower()]
        around = message[max(0, match.start() - 40) : match.end() + 40]
        named = [key for key, nouns in _NOUNS if re.search(rf"\b(?:{nouns})\b", around, re.IGNORECASE)]
        if not named and _ALL_OF_IT.search(message[: match.start()]):
            named = ["requests_per_day", "tokens_per_month"]
        key = next((key for key in named if key in known), None)
        value = known.get(key) if key else None
        if key is None or not isinstance(value, int | float | Range) or isinstance(value, bool):
            continue
        changed = Range(value.low * factor, value.high * factor) if isinstance(value, Range) else value * factor
        found.append(ReadFact(key, changed, match.group(), 0.9, "recogniser", f"{factor:g} times the present value"))
    return found
