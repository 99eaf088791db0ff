"""Compiles the readable phrase patterns of lexicon.yaml into linear regular expressions. It knows no facts.

A pattern is words with: `(a|b c)` alternatives, `(a |b )*` up to three of them, `[word ]` an optional part,
`stem*` any ending (after an s the s is optional too), `\\w*` any word, `...` up to four words in between,
`{name}` a macro of the lexicon, `{region}` a list of places.
"""

import re
from collections.abc import Mapping

from agent.recognise.regions import region_list

_TOKEN = re.compile(
    r"(?P<word>\\w\*)|(?P<repeat>\)\*)|(?P<plural>s\*)|\{(?P<macro>[a-z_]+)\}|\s*(?P<gap>\.\.\.)\s*|"
    r"(?P<space>\s+)|(?P<char>.)",
    re.S,
)
_GAP = r"(?:[\s,/-]{1,3}[^\s.;!?,]{1,30}){0,4}?[\s,/-]{1,3}"
_PLAIN = {"(": "(?:", ")": ")", "|": "|", "*": r"[\w-]*", "[": "(?:", "]": ")?", "'": "['’]?", "-": r"[\s-]?"}


def compile_phrase(pattern: str, macros: Mapping[str, str]) -> re.Pattern[str]:
    """Compile one phrase pattern; upper-case words stay case-insensitive like all others."""
    return re.compile(rf"(?:(?<![\w])|(?=n['’]?t\b)){_translate(pattern, macros)}(?![\w])", re.I)


def _translate(pattern: str, macros: Mapping[str, str]) -> str:
    parts: list[str] = []
    for token in _TOKEN.finditer(pattern):
        if token["word"]:
            parts.append(r"[\w-]{1,20}")
        elif token["plural"]:
            parts.append(r"[\w'’-]*")
        elif token["repeat"]:
            parts.append("){0,3}")
        elif token["macro"]:
            name = token["macro"]
            parts.append(region_list() if name == "region" else f"(?:{_translate(macros[name], macros)})")
        elif token["gap"]:
            parts.append(_GAP)
        elif token["space"]:
            parts.append(r"[\s-]{1,3}")
        else:
            parts.append(_PLAIN.get(token["char"]) or re.escape(token["char"]))
    return "".join(parts)
