"""Keeps what `models bench` measured here, and says what follows for other models. It measures nothing."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from models.catalogue import GgufEntry
from models.fetching import read_note, write_note
from ui.bench import Speed


@dataclass(frozen=True, slots=True)
class Measured:
    """How fast one model was here."""

    day: str
    prompt_tokens_per_second: float
    output_tokens_per_second: float


def read_speeds(path: Path) -> dict[str, Measured]:
    """Return what was measured, by the model's name; a torn file holds nothing."""
    try:
        return {name: Measured(**plain) for name, plain in read_note(path).items() if isinstance(plain, dict)}
    except TypeError:
        return {}


def keep_speed(path: Path, name: str, today: date, speed: Speed) -> None:
    """Keep one measurement in place of the last one of that model."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    kept = {each: asdict(one) for each, one in read_speeds(path).items()}
    new = Measured(
        today.isoformat(), round(speed.prompt_tokens_per_second, 1), round(speed.output_tokens_per_second, 1)
    )
    write_note(path, kept | {name: asdict(new)})


def expected_speed(entry: GgufEntry, speeds: Mapping[str, Measured], catalogue: Mapping[str, GgufEntry]) -> str:
    """Say how fast a model is here: as measured, or scaled from the nearest measured one; empty without either.

    Writing a token reads every active weight once, so its speed goes with the bytes read.
    """
    own = speeds.get(entry.name)
    if own is not None:
        return (
            f"Measured here on {own.day}: reads {own.prompt_tokens_per_second:.0f} and writes "
            f"{own.output_tokens_per_second:.0f} tokens a second."
        )
    known = [catalogue[name] for name in speeds if name in catalogue]
    weight = _read_bytes(entry)
    near = min((one for one in known if _read_bytes(one)), key=lambda one: abs(_read_bytes(one) - weight), default=None)
    if near is None or not weight:
        return ""
    tokens = speeds[near.name].output_tokens_per_second * _read_bytes(near) / weight
    return f"Expected to write about {tokens:.2g} tokens a second, scaled by size from {near.title} as measured here."


def _read_bytes(entry: GgufEntry) -> float:
    """Bytes of weights read for each token written; 0 where the size of the file is not known."""
    return (entry.size_bytes or 0) * (entry.active_parameters_b or entry.parameters_b) / entry.parameters_b
