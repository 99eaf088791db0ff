"""Recognises the commands of the interview: report, new, next, switch, back, review, undo, stop. It knows no graph."""

import re
from functools import cache

from agent.reading.patterns import source
from agent.reading.reading import Command, CommandName

_LONGEST_WORDS = 14
_ORDER: tuple[CommandName, ...] = ("undo", "back", "switch", "next", "new", "review", "report", "stop")


@cache
def _whole(name: CommandName) -> re.Pattern[str]:
    """Match a message that is this command and nothing else but politeness."""
    body = source("stop_interview" if name == "stop" else name)
    end = r"(?:[\s,.!?]|please|now|thanks|thank you|bye)*$"
    return re.compile(f"{source('polite')}{source('wish')}(?:{body}){end}", re.IGNORECASE)


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
