"""Reads with trained encoders and takes the mean of what they see. It knows no weights and no pipeline.

`weights/large` belongs to the large sentence model, every other folder to the small one of the package; where the
large model's file is on this machine it reads, and otherwise the small ones do.
"""

from collections.abc import Sequence
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np

from agent.reading.encoder import Encoder, Sight
from agent.reading.encoder_base import load_base
from agent.reading.mpnet_base import load_mpnet

_LARGE = "large"


class Ensemble:
    """Encoders that were trained alike from different beginnings: where they disagree, none is sure."""

    def __init__(self, members: Sequence[Encoder]) -> None:
        self.members = tuple(members)

    @classmethod
    def open(cls, large: Path | None = None) -> "Ensemble":
        """Load the packaged weights that go with the sentence models at hand; `large` is the large one's file."""
        with as_file(files("agent.reading").joinpath("weights")) as packaged:
            if large is not None and (packaged / _LARGE).is_dir():
                return cls([Encoder.open(packaged / _LARGE, load_mpnet(large))])
            folders = sorted(path.parent for path in packaged.glob("*/reader.npz"))
            return cls([Encoder.open(folder, load_base()) for folder in folders if folder.name != _LARGE])

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
