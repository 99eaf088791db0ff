"""What the machine offers: cores, container limits, accelerators, and a model too large for the accelerator."""

import logging
from pathlib import Path
from types import SimpleNamespace

import pytest

from models import cores
from models.accelerator import Accelerator, Device, describe_accelerator
from models.cores import default_threads
from models.engine import Engine
from tools.errors import ModelFailed

CARD = Device("CUDA0", "NVIDIA H100", 79.6)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Eight threads on four cores, no container limit."""
    for cpu in range(8):
        folder = tmp_path / f"cpu{cpu}" / "topology"
        folder.mkdir(parents=True)
        (folder / "thread_siblings_list").write_text(f"{cpu % 4},{cpu % 4 + 4}\n")
    monkeypatch.setattr(cores, "_CPUS", tmp_path)
    monkeypatch.setattr(cores, "_QUOTA", tmp_path / "cpu.max")
    monkeypatch.setattr(cores, "_usable_cpus", lambda: list(range(8)))
    return tmp_path


def test_one_thread_a_core(machine: Path) -> None:
    assert default_threads() == 4


def test_a_container_limit_lowers_it(machine: Path) -> None:
    (machine / "cpu.max").write_text("250000 100000\n")
    assert default_threads() == 2
    (machine / "cpu.max").write_text("max 100000\n")
    assert default_threads() == 4


def test_pinned_processors_are_respected(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cores, "_usable_cpus", lambda: [0, 4])
    assert default_threads() == 1


def test_many_cores_are_capped(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cores, "_usable_cpus", lambda: list(range(100, 164)))
    assert default_threads() == 16


@pytest.mark.parametrize(
    ("built", "devices", "line"),
    [
        (True, (CARD,), "engine: the model runs on NVIDIA H100 (80 GB)"),
        (
            True,
            (),
            "engine: built for an accelerator, but none is usable here; the model runs on the processor, 2 threads",
        ),
        (False, (), "engine: built for the processor only; the model runs on the processor, 2 threads"),
    ],
)
def test_doctors_line(built: bool, devices: tuple[Device, ...], line: str) -> None:
    assert Accelerator("engine", built, devices, 2).line() == line


def test_the_installed_engine_is_described() -> None:
    found = describe_accelerator()
    assert found.engine.startswith("llama-cpp-python ")
    assert found.uses_gpu == (found.build_has_gpu and bool(found.devices))
    assert found.threads >= 1


def _engine_that_loads(fitting: int) -> Engine:
    """An engine on a card that takes at most `fitting` of a model's 28 layers."""
    engine = object.__new__(Engine)
    engine._api = SimpleNamespace(
        llama_supports_gpu_offload=lambda: True,
        llama_model_default_params=SimpleNamespace,
        llama_model_load_from_file=lambda path, params: "probe",
        llama_model_n_layer=lambda probe: 28,
        llama_model_free=lambda probe: None,
    )
    taken = lambda path, tokens, layers: ("model", "context") if 0 <= layers <= fitting else None  # noqa: E731
    engine._try_load = taken  # type: ignore[method-assign]
    return engine


@pytest.mark.parametrize(("fitting", "layers"), [(20, 14), (5, 0)])
def test_what_does_not_fit_the_card_is_tried_with_fewer_layers(
    fitting: int, layers: int, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        assert _engine_that_loads(fitting)._load(Path("big.gguf"), 4096, "auto") == ("model", "context", layers)
    assert f"big.gguf: only {layers} layers fit the accelerator" in caplog.text


def test_what_fits_nowhere_is_an_error() -> None:
    with pytest.raises(ModelFailed, match=r"big\.gguf: llama\.cpp could not load"):
        _engine_that_loads(-1)._load(Path("big.gguf"), 4096, "auto")
