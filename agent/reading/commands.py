"""Recognises the commands of the interview: report, new, next, switch, back, review, undo, stop. It knows no graph."""

import re
from functools import cache

from agent.reading.patterns import source
from agent.reading.reading import Command, CommandName

_LONGEST_WORDS = 14
_ORDER: tuple[CommandName, ...] = ("undo", "back", "switch", "next", "new", "review", "report", "help", "stop")


@cache
def _whole(name: CommandName) -> re.Pattern[str]:
    """Match a message that is this command and nothing else but politeness."""
    body = source("stop_interview" if name == "stop" else name)
    end = r"(?:[\s,.!?]|please|now|thanks|thank you|bye)*$"
    return re.compile(f"{source('polite')}{source('wish')}(?:{body}){end}", re.IGNORECASE)


# What a command is about, where its wording is new: the first that fits.
_LOOSE: tuple[tuple[CommandName, str], ...] = (
    ("undo", r"undo\w*|revert|roll (?:it |that )?back|take (?:it|that|back)|scrap|delete|remove|forget"),
    ("report", r"report|export|download|pdf|docx|word file|document|write-?up|hand (?:it |that )?over|print|save"),
    ("review", r"recap|review|so far|noted|summary|overview|list|what (?:have )?(?:you|i|we)|read (?:it )?back"),
    ("new", r"new|another|fresh|start over|restart|add"),
    ("next", r"next|move on|carry on|continue"),
    ("switch", r"switch|jump|go (?:over )?to|change to|other (?:one|workload|case)"),
    ("back", r"back|previous|earlier|before that"),
    ("stop", r"stop|enough|quit|exit|done|leave it|later|end|bye|pause|that'll do|call it a day"),
)


def loose_command(message: str) -> Command:
    """Return the command nearest to a message that is known to be one; help where none is near."""
    text = message.replace("’", "'")
    named = (name for name, words in _LOOSE if re.search(rf"\b(?:{words})\b", text, re.IGNORECASE))
    return Command(next(named, "help"), "")


def command_in(message: str) -> Command | None:
    """Return the command that the whole message is, or None; a message that describes a workload is none."""
    text = " ".join(message.replace("’", "'").split())
    if not text or len(text.split()) > _LONGEST_WORDS:
        return None
    for name in _ORDER:
        match = _whole(name).match(text)
        if match:
            groups = match.groupdict()
            argument = (groups.get("to") or groups.get("any") or groups.get("about") or "").strip(" .!?,\"'")
            return Command(name, re.sub(rf"\s+{source('workload')}$", "", argument, flags=re.IGNORECASE))
    return None
