"""Changes the language model of the running page: the old one out, then the new one in. It draws nothing.

Two models are never loaded at once, and none is loaded while a turn runs: turns are held until the new one is there.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from models.machine import Machine
from models.protocol import ChatModel
from models.store import ModelStore
from tools.errors import InvalidInput, WeighbridgeError
from ui.page.loading import Loader, Opened
from ui.page.turns import Turns
from ui.settings import Settings, change_setting, check_setting

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Desk:
    """What the panels look at and change beside the interview; `read` reads the settings anew."""

    read: Callable[[], Settings]
    store: ModelStore
    look: Callable[[], Machine]
    build: Callable[[Settings], ChatModel | None]
    describe: Callable[[Settings, ChatModel | None], str]
    started: Settings


class ModelSwitch:
    """Loads the model anew after a change of its settings."""

    def __init__(self, loader: Loader, turns: Turns, desk: Desk) -> None:
        self._loader, self._turns, self._desk = loader, turns, desk

    def change(self, key: str, text: str | None) -> str:
        """Change a setting of the model, load it, keep the setting, and say what is in use now."""
        before = self._desk.read()
        self._hold_and_swap(check_setting(before, key, text), before)
        change_setting(before, key, text)
        return self._in_use()

    def reload(self) -> str:
        """Load the model that the settings name, whose file has come only now."""
        now = self._desk.read()
        self._hold_and_swap(now, now)
        return self._in_use()

    def _in_use(self) -> str:
        return f"In use now: {self._loader.status().text}."

    def _hold_and_swap(self, wanted: Settings, before: Settings) -> None:
        with self._turns.held("The language model is being changed. Wait a moment, then send it again."):
            opened = self._opened()
            with self._loader.busy("Loading the language model …"):
                self._swap(opened, wanted, before)

    def _opened(self) -> Opened:
        opened = self._loader.wait(0)
        if opened is None:
            raise InvalidInput("The page is still getting ready. Wait until the model at the top is named.")
        return opened

    def _swap(self, opened: Opened, wanted: Settings, before: Settings) -> None:
        old = opened.adviser.model
        opened.adviser.use_model(None)
        if old is not None:
            old.close()
        try:
            self._load(opened, wanted)
        except (WeighbridgeError, OSError, ValueError, RuntimeError) as error:
            raise InvalidInput(f"It could not be loaded: {error}. {self._back(opened, before, old)}") from error

    def _back(self, opened: Opened, before: Settings, old: ChatModel | None) -> str:
        """Load what was in use before; say so, or that this failed as well."""
        if old is None:
            return "There was no language model before, and there is none now."
        try:
            self._load(opened, before)
        except (WeighbridgeError, OSError, ValueError, RuntimeError) as error:
            log.warning("the earlier model could not be loaded again: %s", error)
            self._loader.renamed("no language model")
            return f"The earlier model could not be loaded again either: {error}. Run: weighbridge doctor"
        return "The earlier model is in use again."

    def _load(self, opened: Opened, settings: Settings) -> None:
        model = self._desk.build(settings)
        opened.adviser.use_model(model)
        self._loader.renamed(self._desk.describe(settings, model))
