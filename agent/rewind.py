"""Goes back to before a message, so that it can be said differently. It reads no message."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from agent.state import Interview

# How many of the last messages can be said differently.
KEPT_POINTS = 20
# What a message changes. The title, the user's own figures and what was sent out stay as they are.
_CHANGED = (
    "organization", "organization_skipped", "workloads", "current", "pending", "doubts", "trail", "noted_last",
    "stopped", "done", "told", "spoken",
)  # fmt: skip


def marked(state: Interview) -> list[dict[str, Any]]:
    """Return the points to go back to, with the present one on top: the message that comes now is its line."""
    values: Mapping[str, Any] = state
    point = {"line": len(state["transcript"]), **{key: deepcopy(values[key]) for key in _CHANGED}}
    return [*state.get("points", []), point][-KEPT_POINTS:]


def said_at(state: Interview) -> tuple[int, ...]:
    """Return the lines of the transcript that can be said differently."""
    lines = state["transcript"]
    places = (point["line"] for point in state.get("points", []))
    return tuple(place for place in places if place < len(lines) and lines[place]["role"] == "user")


def rewound(state: Interview, line: int) -> dict[str, Any]:
    """Return the update that takes back a message and everything after it; nothing where it was taken back already."""
    point = next((point for point in state.get("points", []) if point["line"] == line), None)
    if point is None:
        return {}
    said = sum(entry["role"] == "user" for entry in state["transcript"][:line])
    return {
        **{key: point[key] for key in _CHANGED},
        "transcript": state["transcript"][:line],
        "points": [earlier for earlier in state.get("points", []) if earlier["line"] < line],
        "history": [snapshot for snapshot in state["history"] if snapshot["turn"] <= said],
    }
