"""Measures the reader on messages with gold facts and intents. Run `python -m tests.evaluation.reading --help`."""

import argparse
import json
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from agent.reading.pipeline import Reader
from agent.reading.reading import Reading
from tools.facts import FactValue, Range, check_value, spec_of

CASES = Path(__file__).parents[1] / "cases"
_TOLERANCE = 0.03


@dataclass
class Score:
    """Counts over a set of messages; facts of a set count value by value."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    intents: int = 0
    messages: int = 0
    invented_quotes: int = 0
    seconds: list[float] = field(default_factory=list)
    stages: dict[str, list[float]] = field(default_factory=dict)
    by_stage: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + self.missed)

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    @property
    def slow(self) -> float:
        """Return the 90th percentile of the seconds."""
        return sorted(self.seconds)[int(0.9 * len(self.seconds))]

    def line(self, name: str) -> str:
        """Return one line of figures."""
        return (
            f"{name}: F1 {self.f1:.3f}  precision {self.precision:.3f}  recall {self.recall:.3f}  "
            f"invented {self.wrong}  missed {self.missed}  quotes not in message {self.invented_quotes}  "
            f"intents {self.intents}/{self.messages} = {self.intents / max(1, self.messages):.3f}  "
            f"seconds median {statistics.median(self.seconds):.3f} p90 {self.slow:.3f}"
        )


def load_cases(path: Path) -> list[dict[str, Any]]:
    """Read a list of {text, asked, intent, facts}."""
    cases: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return cases


def gold_of(case: Mapping[str, Any]) -> dict[str, FactValue]:
    """Return the facts of a case in their own types."""
    return {key: check_value(spec_of(key), value, case["text"]) for key, value in case["facts"].items()}


def same(key: str, read: FactValue, gold: FactValue) -> bool:
    """Say whether two values agree; numbers may differ by rounding, and a near hedge may be a range."""
    if isinstance(gold, Range) or isinstance(read, Range):
        a, b = _bounds(read), _bounds(gold)
        return all(_close(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(gold, float) and isinstance(read, float):
        return _close(read, gold)
    if key == "owned_gpus":
        return str(read).lower().replace(" ", "") == str(gold).lower().replace(" ", "")
    return read == gold


def add(score: Score, case: Mapping[str, Any], reading: Reading) -> None:
    """Count one message."""
    gold = gold_of(case)
    read = {fact.key: fact for fact in reading.facts}
    score.messages += 1
    score.seconds.append(reading.seconds)
    for stage, seconds in reading.stages.items():
        score.stages.setdefault(stage, []).append(seconds)
    score.by_stage.update(fact.stage for fact in reading.facts)
    score.invented_quotes += sum(fact.quote not in case["text"] for fact in reading.facts)
    label = f"[{case.get('asked', '-')}] {case['text'][:110]}"
    for key in gold.keys() | read.keys():
        right, wrong, missed = _counts(key, read[key].value if key in read else None, gold.get(key))
        score.right += right
        score.wrong += wrong
        score.missed += missed
        if wrong or missed:
            fact = read.get(key)
            how = f"{fact.value} ({fact.stage} {fact.confidence:.2f}: {fact.quote!r})" if fact else "nothing"
            score.errors.append(f"{'+' if wrong else '-'} {key}: read {how}, gold {gold.get(key)}   {label}")
    wanted = case["intent"] if isinstance(case["intent"], list) else [case["intent"]]
    if reading.intent in wanted:
        score.intents += 1
    else:
        score.errors.append(f"intent {reading.intent}, gold {wanted}   {label}")


def _counts(key: str, read: FactValue | None, gold: FactValue | None) -> tuple[int, int, int]:
    if isinstance(read, tuple) or isinstance(gold, tuple):
        a = set(read) if isinstance(read, tuple) else set()
        b = set(gold) if isinstance(gold, tuple) else set()
        return len(a & b), len(a - b), len(b - a)
    if read is None or gold is None:
        return 0, int(read is not None), int(gold is not None)
    return (1, 0, 0) if same(key, read, gold) else (0, 1, 1)


def _bounds(value: FactValue) -> tuple[float, float]:
    if isinstance(value, Range):
        return value.low, value.high
    return (float(value), float(value)) if isinstance(value, int | float) else (float("nan"), float("nan"))


def _close(a: float, b: float) -> bool:
    return abs(a - b) <= _TOLERANCE * max(abs(a), abs(b))


def evaluate(reader: Reader, cases: Sequence[Mapping[str, Any]]) -> Score:
    """Read every message and count."""
    score = Score()
    for case in cases:
        add(score, case, reader.read(case["text"], case.get("asked")))
    return score


def main() -> None:
    """Print the figures, and with --errors every message that was read wrongly."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", default="reading", help="a file of tests/cases without .yaml")
    parser.add_argument("--model", type=Path, help="a GGUF file for the language model's stage")
    parser.add_argument("--recognisers-only", action="store_true", help="leave the example bank out too")
    parser.add_argument("--cache", type=Path, help="a folder for the trained weights of the example bank")
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    from knowledge.embedder import Embedder

    model = None
    if options.model:
        from models.local import LocalModel

        model = LocalModel(options.model)
    reader = Reader(model, None if options.recognisers_only else Embedder(), cache=options.cache)
    reader.prepare()
    score = evaluate(reader, load_cases(CASES / f"{options.set}.yaml"))
    if model is not None:
        model.close()
    if options.errors:
        print("\n".join(score.errors))
    print(score.line(options.set))
    stages = {name: round(statistics.mean(taken), 4) for name, taken in score.stages.items()}
    print(json.dumps({"mean seconds where used": stages, "facts by stage": dict(score.by_stage)}))


if __name__ == "__main__":
    main()
