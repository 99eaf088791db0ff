"""The composition root: reads the environment, alone, and builds the parts from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tools.errors import ExtraMissing, InvalidInput, ModelMissing

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
    """Everything that the environment may set; see the README's table of settings."""

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

    def today(self) -> date:
        """The date to assess on: the set one, or the clock's."""
        return self.as_of or datetime.now().date()


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read WEIGHBRIDGE_* settings; a value that does not fit raises InvalidInput naming the variable."""
    from platformdirs import user_data_dir

    home = environ.get("WEIGHBRIDGE_HOME") or user_data_dir("weighbridge", appauthor=False)
    return Settings(
        home=Path(home).expanduser(),
        model=environ.get("WEIGHBRIDGE_MODEL", ""),
        context_tokens=_integer(environ, "WEIGHBRIDGE_CONTEXT", 512) or 4096,
        threads=_integer(environ, "WEIGHBRIDGE_THREADS", 1),
        gpu_layers=_integer(environ, "WEIGHBRIDGE_GPU_LAYERS", 0),
        port=_integer(environ, "WEIGHBRIDGE_PORT", 1) or 7860,
        as_of=_day(environ, "WEIGHBRIDGE_AS_OF"),
        own_documents=_switch(environ, "WEIGHBRIDGE_OWN_DOCUMENTS", unset=True),
        escalation=_switch(environ, "WEIGHBRIDGE_ESCALATION"),
        claude_model=environ.get("WEIGHBRIDGE_CLAUDE_MODEL") or None,
        anthropic_base_url=environ.get("ANTHROPIC_BASE_URL") or None,
        anthropic_api_key=environ.get("ANTHROPIC_API_KEY") or None,
    )


def _integer(environ: Mapping[str, str], name: str, least: int) -> int | None:
    text = environ.get(name, "").strip()
    if not text:
        return None
    if not text.isdigit() or int(text) < least:
        raise InvalidInput(f"{name}={text!r}: expected a whole number of at least {least}")
    return int(text)


def _day(environ: Mapping[str, str], name: str) -> date | None:
    text = environ.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InvalidInput(f"{name}={text!r}: expected a date such as 2026-11-22") from None


def _switch(environ: Mapping[str, str], name: str, *, unset: bool = False) -> bool:
    text = environ.get(name, "").strip().lower()
    if not text:
        return unset
    if text not in ("", "0", "1", "false", "true", "off", "on", "no", "yes"):
        raise InvalidInput(f"{name}={text!r}: expected on or off")
    return text in ("1", "true", "on", "yes")


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
            raise ModelMissing(f"WEIGHBRIDGE_MODEL={given!r}: there is no such file")
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


def build_reader(settings: Settings, model: ChatModel | None, embedder: Embedder) -> Reader:
    """Return the pipeline that reads messages."""
    from agent.reading.pipeline import Reader

    return Reader(model, embedder, cache=settings.index_folder, large=build_encoder_store(settings).path())


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
    reader = build_reader(settings, model, embedder)
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
