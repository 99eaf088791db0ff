"""One llama.cpp model and its one context: tokens in, logits out, the common prefix kept. It knows no messages.

Not thread-safe, as llama.cpp's context is not: one thread makes it, uses it and closes it.
"""

import ctypes
import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np

from models.cores import default_threads
from models.engine_log import quiet_engine
from models.token_choice import Logits
from tools.errors import ModelFailed

log = logging.getLogger(__name__)

GpuLayers = int | Literal["auto"]

_ALL_LAYERS = -1
# Small enough that a cancel is noticed within about two seconds of reading a prompt on two cores.
_PROMPT_STEP_TOKENS = 128
_LONGEST_PIECE_BYTES = 512


class Engine:
    """A loaded model that remembers which tokens its context holds."""

    def __init__(self, path: Path, context_tokens: int, threads: int | None, gpu_layers: GpuLayers) -> None:
        import llama_cpp

        quiet_engine()
        llama_cpp.llama_backend_init()
        self._api = llama_cpp
        self._threads = threads or default_threads()
        self._model, self._context, self.gpu_layers = self._load(path, context_tokens, gpu_layers)
        self.vocab = llama_cpp.llama_model_get_vocab(self._model)
        self._memory = llama_cpp.llama_get_memory(self._context)
        self.vocab_size = int(llama_cpp.llama_vocab_n_tokens(self.vocab))
        self.context_tokens = int(llama_cpp.llama_n_ctx(self._context))
        self.parameters_b = int(llama_cpp.llama_model_n_params(self._model)) / 1e9
        self.end_token = int(llama_cpp.llama_vocab_eos(self.vocab))
        self._kept: list[int] = []

    def chat_template(self) -> str | None:
        """The template that the file carries."""
        template = self._api.llama_model_chat_template(self._model, None)
        return template.decode("utf-8") if template else None

    def special_texts(self) -> tuple[str, str, list[str]]:
        """The spellings of the start token, the end token, and of every control token."""
        api = self._api
        control = [i for i in range(self.vocab_size) if api.llama_vocab_is_control(self.vocab, i)]
        bos, eos = api.llama_vocab_bos(self.vocab), api.llama_vocab_eos(self.vocab)
        return self._text(bos), self._text(eos), [self._text(token) for token in control]

    def tokenize(self, text: str, *, special: bool) -> list[int]:
        """Split text into tokens; with `special`, spellings of control tokens become those tokens."""
        data = text.encode("utf-8")
        room = len(data) + 8
        tokens = (ctypes.c_int32 * room)()
        count = self._api.llama_tokenize(self.vocab, data, len(data), tokens, room, False, special)
        if count < 0:
            raise ModelFailed(f"the text needs {-count} tokens, more than its bytes")
        return list(tokens[:count])

    def prompt_tokens(self, text: str) -> list[int]:
        """Tokenize a rendered prompt, with the start token where the model wants one and the template gave none."""
        tokens = self.tokenize(text, special=True)
        bos = self._api.llama_vocab_bos(self.vocab)
        wanted = self._api.llama_vocab_get_add_bos(self.vocab) and bos >= 0
        return [bos, *tokens] if wanted and tokens[:1] != [bos] else tokens

    def piece(self, token: int) -> bytes:
        """The bytes of one token; not always whole characters."""
        buffer = ctypes.create_string_buffer(_LONGEST_PIECE_BYTES)
        size = self._api.llama_token_to_piece(self.vocab, token, buffer, _LONGEST_PIECE_BYTES, 0, False)
        return buffer.raw[: max(size, 0)]

    def ends_turn(self, token: int) -> bool:
        """Whether the model ends its turn with this token."""
        return bool(self._api.llama_vocab_is_eog(self.vocab, token))

    def read_prompt(self, tokens: Sequence[int], cancelled: Callable[[], bool]) -> int:
        """Bring the context to hold exactly `tokens`, and return how many had to be evaluated.

        At least the last one always is, for its logits. Stops early when `cancelled()` says so.
        """
        common = _common_prefix(self._kept, tokens[:-1])
        common = self._cut_back(common)
        evaluated = 0
        while common + evaluated < len(tokens) and not cancelled():
            start = common + evaluated
            step = tokens[start : start + _PROMPT_STEP_TOKENS]
            self.read(step)
            evaluated += len(step)
        return evaluated

    def read(self, tokens: Sequence[int]) -> None:
        """Evaluate tokens behind those the context holds."""
        array = (ctypes.c_int32 * len(tokens))(*tokens)  # named, since the batch holds a bare pointer to it
        status = self._api.llama_decode(self._context, self._api.llama_batch_get_one(array, len(tokens)))
        if status:
            self._forget()
            raise ModelFailed(f"the engine could not evaluate {len(tokens)} tokens (status {status})")
        self._kept.extend(tokens)

    def rewind(self, length: int) -> None:
        """Drop everything behind the first `length` tokens, evaluating them anew where the model cannot cut."""
        held = self._kept[:length]
        if self._cut_back(length) < length:
            self.read_prompt(held, lambda: False)

    def logits(self) -> Logits:
        """The logits behind the last token read; a view that the next read overwrites."""
        pointer = self._api.llama_get_logits_ith(self._context, -1)
        view: Logits = np.ctypeslib.as_array(pointer, shape=(self.vocab_size,))
        return view

    def close(self) -> None:
        """Free the context and the model."""
        if self._context:
            self._api.llama_free(self._context)
            self._api.llama_model_free(self._model)
            self._context = self._model = None

    def _cut_back(self, length: int) -> int:
        """Forget what lies behind `length`; recurrent models cannot, and then forget everything."""
        if length == 0 or not self._api.llama_memory_seq_rm(self._memory, -1, length, -1):
            self._forget()
            return 0
        del self._kept[length:]
        return length

    def _forget(self) -> None:
        self._api.llama_memory_clear(self._memory, True)
        self._kept.clear()

    def _text(self, token: int) -> str:
        text = self._api.llama_vocab_get_text(self.vocab, token) if token >= 0 else b""
        return (text or b"").decode("utf-8", "replace")

    def _load(self, path: Path, context_tokens: int, gpu_layers: GpuLayers) -> tuple[Any, Any, int]:
        """Try the asked layers on the accelerator, then half of the model, then none."""
        if gpu_layers == "auto":
            gpu_layers = _ALL_LAYERS if self._api.llama_supports_gpu_offload() else 0
        for layers in self._attempts(path, gpu_layers):
            loaded = self._try_load(path, context_tokens, layers)
            if loaded:
                if layers != gpu_layers:
                    log.warning("%s: only %d layers fit the accelerator; it will be slower", path.name, layers)
                return (*loaded, layers)
        raise ModelFailed(
            f"{path}: llama.cpp could not load this file: damaged, of an unknown kind, or too large for the memory. "
            "Run: weighbridge models verify, or choose a smaller model with WEIGHBRIDGE_MODEL"
        )

    def _attempts(self, path: Path, gpu_layers: int) -> list[int]:
        if gpu_layers == 0:
            return [0]
        params = self._api.llama_model_default_params()
        params.vocab_only = True
        probe = self._api.llama_model_load_from_file(str(path).encode(), params)
        if not probe:
            return [0]
        layers = int(self._api.llama_model_n_layer(probe))
        self._api.llama_model_free(probe)
        wanted = layers if gpu_layers < 0 else min(gpu_layers, layers)
        return [gpu_layers, wanted // 2, 0]

    def _try_load(self, path: Path, context_tokens: int, layers: int) -> tuple[Any, Any] | None:
        model_params = self._api.llama_model_default_params()
        model_params.n_gpu_layers = layers
        model = self._api.llama_model_load_from_file(str(path).encode(), model_params)
        if not model:
            return None
        params = self._api.llama_context_default_params()
        params.n_ctx = context_tokens
        params.n_batch = params.n_ubatch = 512
        params.n_threads = params.n_threads_batch = self._threads
        context = self._api.llama_init_from_model(model, params)
        if not context:
            self._api.llama_model_free(model)
            return None
        return model, context


def _common_prefix(held: Sequence[int], wanted: Sequence[int]) -> int:
    length = 0
    for one, other in zip(held, wanted, strict=False):
        if one != other:
            break
        length += 1
    return length
