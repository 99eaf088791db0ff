"""The request that would leave the machine, word for word, and the digest that an agreement is bound to."""

import hashlib
import json
from dataclasses import dataclass

from models.claude_destination import Destination


@dataclass(frozen=True, slots=True)
class OutgoingRequest:
    """Exactly what would be sent and to whom; `left_out` says what was kept back, and why."""

    destination: Destination
    system: str
    text: str
    left_out: tuple[str, ...]
    max_tokens: int

    @property
    def model(self) -> str:
        """The model that would be asked."""
        return self.destination.model

    @property
    def characters(self) -> int:
        """How many characters would leave."""
        return len(self.system) + len(self.text)

    @property
    def sha256(self) -> str:
        """Digest of every word and of where it goes: a change of any of them needs a new agreement."""
        parts = [self.destination.url, self.destination.model, self.system, self.text]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    def shown(self) -> str:
        """Return what the user is shown before agreeing: the whole of it, then what was left out."""
        kept = "".join(f"\n- {line}" for line in self.left_out) or "\n- nothing"
        return (
            f"To: {self.destination.company} ({self.destination.url}), model {self.destination.model}\n"
            f"Characters: {self.characters}\n\n"
            f"--- instructions ---\n{self.system}\n--- message ---\n{self.text}\n--- end ---\n\n"
            f"Left out:{kept}"
        )
