"""Builds what is measured: readers and advisers on the models of this machine. It measures nothing."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ui.settings import NO_MODEL, Settings, build_adviser_with, build_model, build_reader, build_store
from ui.settings import read_settings as read_environment

if TYPE_CHECKING:
    from agent.adviser import Adviser
    from agent.reading.pipeline import Reader
    from models.protocol import ChatModel


def read_settings() -> Settings:
    """Read the settings of this machine."""
    return read_environment(os.environ)


def installed_models(settings: Settings) -> list[str]:
    """Return the names of the catalogue's files that are on this machine, the default one first."""
    from models.catalogue import DEFAULT_MODEL

    here = [one.entry.name for one in build_store(settings).list() if one.path]
    return sorted(here, key=lambda name: name != DEFAULT_MODEL)


def label_of(model: str) -> str:
    """Return a short name: that of the catalogue, or the name of a file."""
    return "no model" if model == NO_MODEL else Path(model).stem if model.endswith(".gguf") else model


@contextmanager
def loaded(settings: Settings, model: str) -> Iterator["ChatModel | None"]:
    """Load a model by name or path, or none, and close it afterwards."""
    chat = build_model(replace(settings, model=model))
    try:
        yield chat
    finally:
        if chat is not None:
            chat.close()


def ready_reader(settings: Settings, model: "ChatModel | None", *, recognisers_only: bool = False) -> "Reader":
    """Return the reader that the product uses, ready to read; with `recognisers_only` without what was learnt."""
    from agent.reading.pipeline import Reader

    reader = Reader(model, rules_only=True) if recognisers_only else build_reader(settings, model)
    reader.prepare()
    return reader


@contextmanager
def ready_adviser(settings: Settings, model: "ChatModel | None") -> Iterator["Adviser"]:
    """Return the product's adviser with the machine's models and index, and a file of sessions that is thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for real in (settings.gguf_folder, settings.index_folder, settings.encoder_folder):
            real.mkdir(parents=True, exist_ok=True)
            (home / real.name).symlink_to(real.resolve(), target_is_directory=True)
        adviser = build_adviser_with(replace(settings, home=home, escalation=False), model, prepared=True)
        try:
            yield adviser
        finally:
            adviser.close()
