"""The examples that a newcomer clicks on the page are understood without a language model."""

from pathlib import Path

import pytest

import ui.page
from agent.reading.pipeline import Reader
from tools.data_files import parse_yaml

NAME = "examples.yaml"
EXAMPLES: list[dict[str, str]] = parse_yaml((Path(ui.page.__path__[0]) / NAME).read_text(encoding="utf-8"), NAME)


@pytest.mark.parametrize("text", [example["text"] for example in EXAMPLES], ids=[item["title"] for item in EXAMPLES])
def test_an_example_tells_the_task_and_the_volume(reader: Reader, text: str) -> None:
    reading = reader.read(text, None)
    assert reading.intent == "answer"
    assert {"task", "requests_per_day", "input_tokens"} <= {fact.key for fact in reading.facts}
