"""Recognises the commands of the interview: report, new, next, switch, back, review, undo, stop. It knows no graph."""

import re

from agent.reading.reading import Command, CommandName

_LONGEST_WORDS = 14
_POLITE = r"(?:(?:ok|okay|please|so|well|now|alright|right|then|and|hey|thanks|thank you)[\s,.!]+)*"
_WISH = (
    r"(?:(?:can|could|may|might) (?:i|we|you)(?: please)? |(?:i|we)(?:'d| would)? (?:like|want|need) (?:to )?(?:you to )?"
    r"|let(?:'s| us| me) |time to |please |just )?"
)
_SEE = r"(?:see|show|give|get|have|view|print|download|export|send|open|generate|create|make|produce|prepare|look at|display|list|save)"
_WORKLOAD = r"(?:workload|use case|use-case|project|scenario)"

_PATTERNS: tuple[tuple[CommandName, str], ...] = (
    ("undo", r"(?:undo|revert|roll back|take back)\b(?: (?:that|it|this|the|my|last|previous|one|change|answer|step|entry|please))*"),
    ("back", r"(?:go |step |move |take me )?back(?: (?:up|one|a|step|question|to|the|previous|last|please|again|now))*"
             r"|(?:the |to the )?previous question|(?:go|jump) to the (?:previous|last) question"),
    ("switch", rf"(?:switch|go|change|jump|move|turn)(?: back| over)? to (?:the |my |our )?(?P<to>.+?) {_WORKLOAD}"
               r"|switch(?: back| over)? to (?:the |my |our )?(?P<any>[^?]+?)"),
    ("next", rf"(?:(?:go |move |on |continue )*(?:to|with) )?(?:the )?next {_WORKLOAD}"),
    ("new", rf"(?:(?:add|start|enter|describe|create|do|begin|discuss|take|talk about|look at|move on to|go to|open|try|assess|have|there's|there is) )?"
            rf"(?:an?other|a new|new|a second|a third|one more|an additional|a further) {_WORKLOAD}"),
    ("review", rf"{_SEE}(?: me)?(?: again)? (?:all |everything|all of )?(?:the |my |our |these )?(?:facts|answers|inputs|entries|data so far|what (?:you|we|i)\b.*|summary|overview|list|so far).*"
               r"|(?:review|recap|check|go over|go through|edit)(?: (?:all|of|the|my|our|what|facts|answers|inputs|everything|i|we|said|so|far|you|have|know))*"
               r"|what (?:have|did|do) (?:i|we|you) (?:already )?(?:told?|said|say|tell|given|know|got|noted|understood|written down|recorded|understand|have)\b.*"
               r"|where (?:are|were) we|summar(?:y|ise|ize)(?: (?:so far|please|what we have|everything))*"),
    ("report", rf"{_SEE}(?: me| us| it as)?(?: (?:the|a|my|our|that|this|final|full|whole|finished|complete|pdf|as))* (?:report|results?|verdict|recommendation)\b(?: (?:now|please|as|a|in|pdf|file|markdown|html|already|so far|to|me|for|us|this|workload))*"
               r"|(?:the )?(?:final |full )?report(?: (?:now|please))*"),
    ("stop", r"(?:stop|quit|exit|end|finish|cancel|abort|goodbye|bye)(?: (?:here|now|it|this|the|for|today|interview|session|please|there|conversation|up))*"
             r"|(?:i am|i'm|we are|we're) (?:done|finished)(?: (?:for|today|now|here|thanks|thank you))*"
             r"|that(?:'s| is| will be|'ll be) (?:all|enough|it)(?: (?:for|today|now|thanks|thank you|from|me|us|save|it|i))*"
             r"|(?:call it a day|leave it (?:here|at that|there)|pause(?: (?:here|now|for|today))*|wrap (?:it |this )?up|continue (?:later|tomorrow))"),
)
_COMPILED = tuple(
    (name, re.compile(rf"{_POLITE}{_WISH}(?:{pattern})(?:[\s,.!?]|please|now|thanks|thank you)*$", re.IGNORECASE))
    for name, pattern in _PATTERNS
)


def command_in(message: str) -> Command | None:
    """Return the command that the whole message is, or None; a message that describes a workload is none."""
    text = " ".join(message.replace("’", "'").split())
    if not text or len(text.split()) > _LONGEST_WORDS:
        return None
    for name, pattern in _COMPILED:
        match = pattern.match(text)
        if match:
            groups = match.groupdict()
            argument = (groups.get("to") or groups.get("any") or "").strip(" .!?,\"'")
            return Command(name, re.sub(rf"\s+{_WORKLOAD}$", "", argument, flags=re.IGNORECASE))
    return None
