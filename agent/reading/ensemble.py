"""Reads with several trained encoders and takes the mean of what they see. It knows no weights and no pipeline."""

from collections.abc import Sequence
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np

from agent.reading.encoder import Encoder, Sight


class Ensemble:
    """Encoders that were trained alike from different beginnings: where they disagree, none is sure."""

    def __init__(self, members: Sequence[Encoder]) -> None:
        self.members = tuple(members)

    @staticmethod
    def is_packaged() -> bool:
        """Say whether trained weights lie beside this module."""
        return bool(_folders(Path(str(files("agent.reading").joinpath("weights")))))

    @classmethod
    def open(cls) -> "Ensemble":
        """Load all packaged weights."""
        with as_file(files("agent.reading").joinpath("weights")) as packaged:
            return cls([Encoder.open(folder) for folder in _folders(packaged)])

    def see(self, message: str, asked: str | None) -> Sight:
        """Read one message, which may be empty."""
        seen = [member.see(message, asked) for member in self.members]
        intents = {intent: float(np.mean([one.intents[intent] for one in seen])) for intent in seen[0].intents}
        return Sight(
            stated=np.mean([one.stated for one in seen], axis=0),
            places=np.mean([one.places for one in seen], axis=0),
            offsets=seen[0].offsets,
            intents=intents,
        )


def _folders(weights: Path) -> list[Path]:
    return sorted(path.parent for path in weights.glob("*/reader.npz"))
