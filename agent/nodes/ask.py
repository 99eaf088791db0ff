"""Waits for the user: the one interrupt of the graph. It chooses no question and reads no answer."""

from typing import Any

from langgraph.types import interrupt

from agent.rewind import marked, rewound
from agent.state import Interview


def ask(state: Interview) -> dict[str, Any]:
    """Stop until the user answers or edits; keep the words before anything is done with them."""
    inbox: dict[str, Any] = interrupt(state["pending"])
    update: dict[str, Any] = {"inbox": inbox, "reading": {}}
    if "text" in inbox:
        taken_back = rewound(state, inbox["line"]) if "line" in inbox else {}
        there: Any = {**state, **taken_back}
        said = {"role": "user", "text": inbox["text"], "at": inbox["at"], "citations": []}
        update |= {**taken_back, "points": marked(there), "transcript": [*there["transcript"], said]}
    return update
