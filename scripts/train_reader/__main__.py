"""Trains the reader's encoder: `PYTHONPATH=scripts:. python -m train_reader cross` or `… fit`.

Run it in an environment of its own with PyTorch 2.13 and the product's dependencies. `cross` trains on all folds but
one in turn and measures on the one left out; `fit` trains on everything and writes agent/reading/weights.
"""

import argparse
import pickle
import random
from dataclasses import asdict
from pathlib import Path

import torch

from agent.reading.encoder_base import BaseWeights, load_base
from agent.reading.mpnet_base import load_mpnet
from knowledge.embedder import embedder_spec
from models.encoder_file import encoder_entry
from train_reader.fit import Plan, fit
from train_reader.keep import FOLDER, halve, keep
from train_reader.measure import join_predictions, predict, table
from train_reader.reference import references
from train_reader.samples import Sample, data_hash, load_messages


def main() -> None:
    """Train as the words say."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("cross", "fit"))
    parser.add_argument("--base", type=Path, help="the sentence model's ONNX file, if it is not installed here")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--only", type=int, default=0, help="train so many of the folds")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="a file for the predictions")
    parser.add_argument("--weights", type=Path, help="a folder for the weights of each fold")
    for name in ("epochs", "rank", "batch", "seed"):
        parser.add_argument(f"--{name}", type=int, default=getattr(Plan, name, None))
    parser.add_argument("--start", type=Path, help="a folder with weights to train on from")
    parser.add_argument("--rate", type=float, default=1e-3)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    chosen = {name: getattr(options, name) for name in ("epochs", "rank", "batch", "rate", "seed")}
    plan = Plan(**{name: value for name, value in chosen.items() if value is not None})
    if options.what == "cross":
        cross(options, plan)
    else:
        finish(options, plan)


def finish(options: argparse.Namespace, plan: Plan) -> None:
    """Train on everything and write the weights; measure with `cross` before."""
    samples = load_messages()
    network = fit(base_of(options.base), samples, plan, options.start)
    halve(network)
    manifest = {
        "base_sha256": base_hash(options.base),
        "data_sha256": data_hash(samples),
        "messages": len(samples),
        "plan": asdict(plan),
        "references": references(network),
    }
    keep(network, manifest, options.weights or FOLDER)


def base_hash(path: Path | None) -> str:
    """Return the hash that the product expects of the sentence model."""
    return encoder_entry().sha256 if path is not None and path.suffix == ".safetensors" else embedder_spec().sha256


def base_of(path: Path | None) -> BaseWeights:
    """Load the sentence model of a file: the large one from safetensors, else the small one."""
    return load_mpnet(path) if path is not None and path.suffix == ".safetensors" else load_base(path)


def cross(options: argparse.Namespace, plan: Plan) -> None:
    """Measure on folds left out."""
    base = base_of(options.base)
    samples = load_messages()
    found = []
    for number, (kept, held) in enumerate(folds(samples, options.folds)):
        if options.only and number >= options.only:
            break
        network = fit(base, kept, plan)
        halve(network)
        found.append(predict(network, held))
        if options.weights:
            keep(network, {"held": [[s.text, s.asked] for s in held]}, options.weights / str(number))
        print(
            f"after fold {number + 1}, {len(kept)} messages to learn from\n{table(join_predictions(found))}", flush=True
        )
        if options.keep:
            options.keep.write_bytes(pickle.dumps(join_predictions(found)))


def folds(samples: list[Sample], count: int) -> list[tuple[list[Sample], list[Sample]]]:
    """Split into folds; the order does not depend on the messages' files."""
    mixed = sorted(samples, key=lambda s: (s.text, str(s.asked)))
    random.Random(7).shuffle(mixed)
    return [
        ([s for place, s in enumerate(mixed) if place % count != number], mixed[number::count])
        for number in range(count)
    ]


if __name__ == "__main__":
    main()
