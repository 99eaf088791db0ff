"""Schema-constrained writing with the default model: with a schema and without."""

import os
from collections.abc import Iterator

from tests.benchmarks.timing import Comparison, compare

SCHEMA = {
    "type": "object",
    "properties": {"task": {"type": "string", "enum": ["chatbot", "classification", "translation"]}},
    "required": ["task"],
    "additionalProperties": False,
}
PROMPT = "We label 40,000 support tickets a day. Which task is this? Reply as JSON with the key task."


def run() -> Iterator[Comparison]:
    """Write one short object both ways, with the model's prompt kept in both."""
    from models.local import LocalModel
    from models.protocol import ChatMessage
    from ui.settings import model_path, read_settings

    path = model_path(read_settings(os.environ))
    model = LocalModel(path, context_tokens=1024)
    messages = [ChatMessage("user", PROMPT)]
    try:
        free = model.complete(messages, max_tokens=16)
        ours = model.complete(messages, max_tokens=32, schema=SCHEMA)
        yield compare(
            "writing with a schema",
            (f"with the schema ({ours.usage.output_tokens} tokens)",
             lambda: model.complete(messages, max_tokens=32, schema=SCHEMA)),
            (f"without ({free.usage.output_tokens} tokens)", lambda: model.complete(messages, max_tokens=16)),
            rounds=5,
            note="prompt kept in both",
        )  # fmt: skip
    finally:
        model.close()
