"""Which settings there are: names, what fits, and when a change takes effect. It reads no file and no environment."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Literal

from tools.errors import InvalidInput, UnknownName

Value = str | int | bool | date | None
Origin = Literal["default", "settings file", "environment", "command line"]
# When a change is felt: at once, when the model has been loaded anew, or at the next start.
Applies = Literal["at once", "with the model", "at the next start"]

_ON = ("1", "true", "on", "yes")
_OFF = ("0", "false", "off", "no")
THEMES = ("system", "light", "dark")


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting; `stored` says whether it may stand in the settings file, or in the environment alone."""

    key: str
    variable: str
    label: str
    help: str
    expected: str
    parse: Callable[[str], Value]
    default: Value = None
    unset: str = ""
    choices: tuple[str, ...] = ()
    applies: Applies = "at the next start"
    stored: bool = True
    secret: bool = False

    def read(self, text: str, where: str) -> Value:
        """Return the value that a text stands for; InvalidInput begins with `where`."""
        try:
            return self.parse(text.strip())
        except ValueError:
            raise InvalidInput(f"{where}: expected {self.expected}") from None

    def shown(self, value: Value) -> str:
        """Return a value as the user would write it, or in words where there is none; a secret is never shown."""
        if value in (None, ""):
            return self.unset
        if self.secret:
            return "set"
        return ("on" if value else "off") if isinstance(value, bool) else str(value)


def _text(text: str) -> str:
    return text


def _whole(least: int, most: int | None = None) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not text.isdigit() or int(text) < least or (most is not None and int(text) > most):
            raise ValueError(text)
        return int(text)

    return parse


def _switch(text: str) -> bool:
    if text.lower() not in (*_ON, *_OFF):
        raise ValueError(text)
    return text.lower() in _ON


def _one_of(*choices: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text.lower() not in choices:
            raise ValueError(text)
        return text.lower()

    return parse


_SWITCH = ("on", "off")

SETTINGS = (
    Setting(
        "model", "WEIGHBRIDGE_MODEL", "Language model",
        "A name from the list of models, the path of a GGUF file of your own, or none.",
        "a name from `weighbridge models list`, a path that ends in .gguf, or none",
        _text, "", unset="the default model", applies="with the model",
    ),
    Setting(
        "context_tokens", "WEIGHBRIDGE_CONTEXT", "Context of the model, in tokens",
        "How much the model can hold at once. More takes more memory.",
        "a whole number of at least 512", _whole(512), 4096, applies="with the model",
    ),
    Setting(
        "threads", "WEIGHBRIDGE_THREADS", "Threads of the model",
        "Fewer leave room for other programs; more than there are cores make it slower.",
        "a whole number of at least 1", _whole(1), unset="one for each core", applies="with the model",
    ),
    Setting(
        "gpu_layers", "WEIGHBRIDGE_GPU_LAYERS", "Layers on the GPU",
        "0 keeps the model off the GPU. Without a GPU, or a build for it, this changes nothing.",
        "a whole number of at least 0", _whole(0), unset="all, where the build has a GPU", applies="with the model",
    ),
    Setting(
        "escalation", "WEIGHBRIDGE_ESCALATION", "Second opinions from Claude",
        "Off: offline, nothing leaves this machine. On: you see the exact text and agree to each request.",
        "on or off", _switch, False, choices=_SWITCH,
    ),
    Setting(
        "claude_model", "WEIGHBRIDGE_CLAUDE_MODEL", "Claude model",
        "Which model gives a second opinion.", "a model's name", _text, unset="as in models/data/claude.yaml",
    ),
    Setting(
        "own_documents", "WEIGHBRIDGE_OWN_DOCUMENTS", "Your own documents",
        "Off leaves them out of search, answers and the interview; the files stay.",
        "on or off", _switch, True, choices=_SWITCH,
    ),
    Setting(
        "transcript", "WEIGHBRIDGE_TRANSCRIPT", "Conversation in the report",
        "Off leaves what was said out of the report; the facts keep their quotes.",
        "on or off", _switch, True, choices=_SWITCH, applies="at once",
    ),
    Setting(
        "theme", "WEIGHBRIDGE_THEME", "Colours of the page",
        "System follows the setting of your computer.",
        "system, light or dark", _one_of(*THEMES), "system", choices=THEMES, applies="at once",
    ),
    Setting(
        "port", "WEIGHBRIDGE_PORT", "Port of the page",
        "The page is at 127.0.0.1 and this port, for this machine alone.",
        "a whole number from 1 to 65535", _whole(1, 65535), 7860,
    ),
    Setting(
        "home", "WEIGHBRIDGE_HOME", "Data folder",
        "Models, index, conversations, your documents, and the settings file.",
        "a folder", _text, unset="the platform's user data folder", stored=False,
    ),
    Setting(
        "as_of", "WEIGHBRIDGE_AS_OF", "Assess on this date",
        "For an older date, to make a report again.",
        "a date such as 2026-11-22", date.fromisoformat, unset="today", stored=False,
    ),
    Setting(
        "anthropic_base_url", "ANTHROPIC_BASE_URL", "Address of Claude",
        "Where second opinions are sent to.", "an address", _text, unset="Anthropic's own", stored=False,
    ),
    Setting(
        "anthropic_api_key", "ANTHROPIC_API_KEY", "Key for Claude",
        "Read from the environment, and written to no file.", "a key", _text, unset="not set",
        stored=False, secret=True,
    ),
)  # fmt: skip

BY_KEY: Mapping[str, Setting] = MappingProxyType({setting.key: setting for setting in SETTINGS})


def setting_of(key: str, where: str = "") -> Setting:
    """Return a setting by its key, or say which are near; in `where`, a file, only those that are stored count."""
    known = [setting.key for setting in SETTINGS if setting.stored or not where]
    if key in known:
        return BY_KEY[key]
    if key in BY_KEY:
        raise InvalidInput(f"{where}: key {key!r} is read from the environment alone; expected {BY_KEY[key].variable}")
    raise UnknownName.of("setting", key, known, where)
