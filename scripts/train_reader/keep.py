"""Writes a trained network as the product's weights, with its manifest. It knows no training."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch

from agent.reading.labels import labels
from train_reader.network import ReaderNetwork

FOLDER = Path(__file__).parents[2] / "agent" / "reading" / "weights" / "first"
_FIXED = ("matrix", "places", "fact_of")
_RENAMED = {"intent_head.weight": "intent_weight", "intent_head.bias": "intent_bias"}


def keep(network: ReaderNetwork, manifest: Mapping[str, Any], folder: Path = FOLDER) -> None:
    """Write `reader.npz` in half precision and `reader.json`."""
    arrays: dict[str, Any] = {
        _RENAMED.get(name, name): tensor.numpy().astype(np.float16)
        for name, tensor in network.state_dict().items()
        if not name.endswith(_FIXED)
    }
    folder.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(folder / "reader.npz", **arrays)
    whole = {**manifest, "labels": [f"{label.key}={label.value}" for label in labels()]}
    (folder / "reader.json").write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")


def restore(network: ReaderNetwork, folder: Path = FOLDER) -> None:
    """Put kept weights into a network of the same rank, to train on from there."""
    back = {new: old for old, new in _RENAMED.items()}
    with np.load(folder / "reader.npz", allow_pickle=False) as kept:
        state = {back.get(name, name): torch.tensor(kept[name].astype(np.float32)) for name in kept.files}
    network.load_state_dict({**network.state_dict(), **state})


def halve(network: ReaderNetwork) -> None:
    """Round what was trained to half precision in place, so that measurements fit what is shipped."""
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.copy_(parameter.half().float())
