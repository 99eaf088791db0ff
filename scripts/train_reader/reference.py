"""Reference values: what PyTorch says of a few messages, for the test of the numpy encoder. It knows no training."""

from typing import Any

import torch

from agent.reading.labels import labels
from agent.reading.reading import INTENTS
from train_reader.fit import collate
from train_reader.network import ReaderNetwork, label_probabilities
from train_reader.samples import Sample

_MESSAGES = (
    ("", None),
    ("nobody", "platform_team"),
    ("We get about 40k support tickets a day; nothing may leave our servers.", None),
    ("sorry, it's the EU and the UK – not the US", "residency"),
    ("what would change if we had 4 H100s?", "owned_gpus"),
)
_SHOWN = 0.02


def references(network: ReaderNetwork) -> list[dict[str, Any]]:
    """Return for each message the labels that are likelier than 0.02, the surest token of each, and the intents."""
    return [_reference(network.eval(), text, asked) for text, asked in _MESSAGES]


def _reference(network: ReaderNetwork, text: str, asked: str | None) -> dict[str, Any]:
    batch = collate([Sample(text, asked, None, ())])
    with torch.no_grad():
        tokens, messages, intents = network(batch)
    stated = label_probabilities(messages)[0].tolist()
    places = torch.sigmoid(tokens[0][batch.said[0]]).max(0).values.tolist()
    shown = [number for number, likely in enumerate(stated) if likely > _SHOWN]
    wants = torch.softmax(intents[0], dim=0).tolist()
    return {
        "text": text,
        "asked": asked,
        "stated": {f"{labels()[n].key}={labels()[n].value}": round(stated[n], 5) for n in shown},
        "places": {f"{labels()[n].key}={labels()[n].value}": round(places[n], 5) for n in shown},
        "intents": {intent: round(likely, 5) for intent, likely in zip(INTENTS, wants, strict=True)},
    }
