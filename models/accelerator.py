"""Says which processor the local model runs on, for `doctor`. It knows no model file."""

import ctypes
from dataclasses import dataclass
from pathlib import Path

from models.cores import default_threads
from models.engine_log import quiet_engine

# ggml_backend_dev_type: 0 is the processor itself, 3 a helper of it such as a matrix library.
_GPU_TYPES = (1, 2)


@dataclass(frozen=True, slots=True)
class Device:
    """One accelerator the engine can use."""

    name: str
    description: str
    memory_gb: float


@dataclass(frozen=True, slots=True)
class Accelerator:
    """What the installed engine can use on this machine."""

    engine: str
    build_has_gpu: bool
    devices: tuple[Device, ...]
    threads: int

    @property
    def uses_gpu(self) -> bool:
        """Whether layers go to an accelerator when nothing else is set."""
        return self.build_has_gpu and bool(self.devices)

    def line(self) -> str:
        """Return the one line that `doctor` prints."""
        processor = f"the processor, {self.threads} thread{'s' if self.threads > 1 else ''}"
        if self.uses_gpu:
            named = ", ".join(f"{one.description} ({one.memory_gb:.0f} GB)" for one in self.devices)
            return f"{self.engine}: the model runs on {named}"
        if self.devices or self.build_has_gpu:
            return f"{self.engine}: built for an accelerator, but none is usable here; the model runs on {processor}"
        return f"{self.engine}: built for the processor only; the model runs on {processor}"


def describe_accelerator() -> Accelerator:
    """Ask the engine what it was built for and what it finds; loads no model."""
    import llama_cpp

    quiet_engine()
    llama_cpp.llama_backend_init()
    return Accelerator(
        engine=f"llama-cpp-python {llama_cpp.__version__}",
        build_has_gpu=bool(llama_cpp.llama_supports_gpu_offload()),
        devices=_devices(Path(llama_cpp.__file__).parent / "lib"),
        threads=default_threads(),
    )


def _devices(folder: Path) -> tuple[Device, ...]:
    """List accelerators through ggml's own interface; an engine that does not offer it lists none."""
    libraries = sorted(folder.glob("*ggml.so")) + sorted(folder.glob("*ggml.dylib")) + sorted(folder.glob("ggml.dll"))
    try:
        ggml = ctypes.CDLL(str(libraries[0]))
        ggml.ggml_backend_dev_count.restype = ctypes.c_size_t
        count = ggml.ggml_backend_dev_count()
    except (IndexError, OSError, AttributeError):
        return ()
    ggml.ggml_backend_dev_get.restype = ctypes.c_void_p
    ggml.ggml_backend_dev_get.argtypes = [ctypes.c_size_t]
    handles = [ctypes.c_void_p(ggml.ggml_backend_dev_get(index)) for index in range(count)]
    return tuple(_device(ggml, handle) for handle in handles if ggml.ggml_backend_dev_type(handle) in _GPU_TYPES)


def _device(ggml: ctypes.CDLL, handle: ctypes.c_void_p) -> Device:
    free, total = ctypes.c_size_t(), ctypes.c_size_t()
    ggml.ggml_backend_dev_memory(handle, ctypes.byref(free), ctypes.byref(total))
    texts = []
    for function in (ggml.ggml_backend_dev_name, ggml.ggml_backend_dev_description):
        function.restype = ctypes.c_char_p
        texts.append((function(handle) or b"").decode("utf-8", "replace"))
    return Device(texts[0], texts[1], total.value / 1e9)
