"""The composition root: reads the environment and the settings file, alone, and builds the parts from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from tools.errors import ExtraMissing, InvalidInput, ModelMissing
from ui.setting_list import BY_KEY, SETTINGS, Origin, Setting, Value, setting_of
from ui.settings_file import NAME, change_file, read_file

if TYPE_CHECKING:
    from agent.adviser import Adviser
    from agent.context import Searches
    from agent.reading.pipeline import Reader
    from knowledge.documents.library import Library
    from knowledge.embedder import Embedder
    from models.claude_destination import OutsideModel
    from models.encoder_file import EncoderStore
    from models.protocol import ChatModel
    from models.store import ModelStore

NO_MODEL = "none"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that may be set; see the README's table of settings. `origins` says where each value comes from."""

    home: Path
    model: str
    context_tokens: int
    threads: int | None
    gpu_layers: int | None
    port: int
    as_of: date | None
    own_documents: bool
    escalation: bool
    claude_model: str | None
    anthropic_base_url: str | None
    anthropic_api_key: str | None
    transcript: bool = True
    theme: str = "system"
    origins: Mapping[str, Origin] = field(default_factory=dict)

    @property
    def file(self) -> Path:
        """The settings file; it need not be there."""
        return self.home / NAME

    @property
    def gguf_folder(self) -> Path:
        """Where GGUF files are kept."""
        return self.home / "gguf"

    @property
    def encoder_folder(self) -> Path:
        """Where the large sentence model is kept."""
        return self.home / "encoder"

    @property
    def index_folder(self) -> Path:
        """Where the guidance index is kept."""
        return self.home / "index"

    @property
    def documents_folder(self) -> Path:
        """Where the user's own documents are kept."""
        return self.home / "documents"

    @property
    def sessions_file(self) -> Path:
        """The SQLite file of the conversations."""
        return self.home / "sessions" / "sessions.sqlite"

    @property
    def speeds_file(self) -> Path:
        """Where `models bench` keeps what it measured."""
        return self.home / "speeds.json"

    def today(self) -> date:
        """The date to assess on: the set one, or the clock's."""
        return self.as_of or datetime.now().date()

    def origin(self, key: str) -> Origin:
        """Say where a value comes from."""
        return self.origins.get(key, "default")

    def place(self, key: str) -> str:
        """Return what stands before the value where it was set, for a message about it."""
        places = {"settings file": f"{self.file}: {key}: ", "command line": f"--set {key}="}
        return places.get(self.origin(key), f"{BY_KEY[key].variable}=")


def read_settings(environ: Mapping[str, str], said: Mapping[str, str] = MappingProxyType({})) -> Settings:
    """Read what was said on the command line, the environment and the settings file, in this order.

    A value that does not fit raises InvalidInput naming the variable, or the file and its key.
    """
    from platformdirs import user_data_dir

    home = Path(environ.get("WEIGHBRIDGE_HOME") or user_data_dir("weighbridge", appauthor=False)).expanduser()
    stored = read_file(home / NAME)
    found = {setting.key: _found(setting, environ, said, stored) for setting in SETTINGS}
    values: dict[str, Any] = {key: value for key, (value, _) in found.items()}
    return Settings(**{**values, "home": home}, origins={key: origin for key, (_, origin) in found.items()})


def read_said(words: Iterable[str]) -> dict[str, str]:
    """Return what `--set KEY=VALUE` said; the data folder is found before this is read, so it cannot be said."""
    said = dict(word.partition("=")[::2] for word in words)
    for key in said:
        setting_of(key, "--set")
    return said


def _found(
    setting: Setting, environ: Mapping[str, str], said: Mapping[str, str], stored: Mapping[str, Value]
) -> tuple[Value, Origin]:
    key, text = setting.key, environ.get(setting.variable, "").strip()
    if key in said:
        return setting.read(said[key], f"--set {key}={said[key]}"), "command line"
    if text:
        return setting.read(text, f"{setting.variable}={'…' if setting.secret else repr(text)}"), "environment"
    if key in stored:
        return stored[key], "settings file"
    return setting.default, "default"


def check_setting(settings: Settings, key: str, text: str | None) -> Settings:
    """Return the settings with another value, as it would be kept; None stands for the default."""
    setting = setting_of(key, str(settings.file))
    if settings.origin(key) in ("environment", "command line"):
        place = settings.place(key).rstrip("=")
        raise InvalidInput(
            f"{key}: {place} in the {settings.origin(key)} overrules the file; leave it out and start again"
        )
    value = setting.default if text is None else setting.read(text, f"{key}: {text.strip()!r}")
    changed: dict[str, Any] = {key: value}
    return replace(settings, **changed, origins={})


def change_setting(settings: Settings, key: str, text: str | None) -> None:
    """Keep a setting in the settings file, or forget it there where `text` is None; what overrules it stays."""
    wanted = check_setting(replace(settings, origins={}), key, text)
    change_file(settings.file, key, None if text is None else getattr(wanted, key))


def build_store(settings: Settings) -> ModelStore:
    """Return the store of GGUF files."""
    from models.store import ModelStore

    return ModelStore(settings.gguf_folder)


def build_encoder_store(settings: Settings) -> EncoderStore:
    """Return the store of the large sentence model."""
    from models.encoder_file import EncoderStore

    return EncoderStore(settings.encoder_folder)


def model_path(settings: Settings) -> Path:
    """Return the GGUF file to load: a path as given, or the file of a catalogue name."""
    from models.catalogue import DEFAULT_MODEL

    given = settings.model or DEFAULT_MODEL
    if given.endswith(".gguf") or "/" in given:
        path = Path(given).expanduser()
        if not path.is_file():
            raise ModelMissing(f"{settings.place('model')}{given!r}: there is no such file")
        return path
    return build_store(settings).path_of(given)


def build_model(settings: Settings) -> ChatModel | None:
    """Load the local model in its own thread; None where the setting says `none`."""
    if settings.model == NO_MODEL:
        return None
    path = model_path(settings)
    from models.local import LocalModel

    layers: int | Literal["auto"] = "auto" if settings.gpu_layers is None else settings.gpu_layers
    return LocalModel(path, context_tokens=settings.context_tokens, threads=settings.threads, gpu_layers=layers)


def build_embedder() -> Embedder:
    """Return the sentence embedder; its weights are loaded at first use."""
    from knowledge.embedder import Embedder

    return Embedder()


def build_retriever(settings: Settings, embedder: Embedder) -> Searches:
    """Return what searches the guidance, and the user's own documents unless they are left out."""
    from knowledge.documents.search import OwnRetriever, Together
    from knowledge.retrieve import Retriever

    guidance = Retriever(settings.index_folder, embedder)
    if not settings.own_documents:
        return guidance
    return Together(guidance, OwnRetriever(build_library(settings, embedder).index, embedder))


def build_library(settings: Settings, embedder: Embedder) -> Library:
    """Return the user's own documents."""
    from knowledge.documents.library import Library

    return Library(settings.documents_folder, embedder)


def build_reader(settings: Settings, model: ChatModel | None) -> Reader:
    """Return the pipeline that reads messages."""
    from agent.reading.pipeline import Reader

    return Reader(model, large=build_encoder_store(settings).path())


def build_adviser(settings: Settings) -> Adviser:
    """Build the whole interview from the settings."""
    return build_adviser_with(settings, build_model(settings))


def build_adviser_with(settings: Settings, model: ChatModel | None, *, prepared: bool = False) -> Adviser:
    """Build the interview on a model that is loaded already, or on none.

    Args:
        prepared: get the reader ready now, so that the first message does not wait for it.
    """
    from agent.adviser import Adviser
    from agent.documents.offers import OfferBook

    embedder = build_embedder()
    reader = build_reader(settings, model)
    if prepared:
        reader.prepare()
    return Adviser(
        model=model,
        reader=reader,
        retriever=build_retriever(settings, embedder),
        embedder=embedder,
        store=settings.sessions_file,
        today=settings.today,
        escalation=claude_builder(settings),
        offers=OfferBook(build_library(settings, embedder), reader) if settings.own_documents else None,
    )


def claude_builder(settings: Settings) -> Callable[[], OutsideModel] | None:
    """Return what builds the Claude adapter at the first agreed request; None while escalation is off."""
    if not settings.escalation:
        return None

    def build() -> OutsideModel:
        from models.claude import ClaudeModel

        if not settings.anthropic_api_key:
            raise ExtraMissing("ANTHROPIC_API_KEY is not set; set it to your key, or turn escalation off")
        return ClaudeModel(
            api_key=settings.anthropic_api_key,
            base_url=settings.anthropic_base_url,
            model=settings.claude_model,
        )

    return build
