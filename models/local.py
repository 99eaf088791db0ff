"""A local GGUF model as a chat model: one worker thread owns the engine, callers queue. It knows no network."""

import codecs
import json
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import numpy as np

from models.chat_template import Render, template_renderer
from models.engine import Engine, GpuLayers
from models.protocol import Capabilities, ChatMessage, Completion, Finish, OnToken, Schema, Usage
from models.schema import ends_itself, grammar_of, problem_of
from models.token_choice import GrammarGate, Logits, likeliest
from tools.errors import ModelFailed, PromptTooLong

T = TypeVar("T")

# An answer that cannot be at least this long is not worth starting.
_LEAST_ANSWER_TOKENS = 16
_CLOSING = (b"}", b"]", b'"')


class LocalModel:
    """A GGUF file behind llama.cpp, greedy, so that the same conversation gives the same answer."""

    def __init__(
        self,
        path: Path,
        *,
        context_tokens: int = 4096,
        threads: int | None = None,
        gpu_layers: GpuLayers = "auto",
    ) -> None:
        """Load the file; returns when it is ready, and fails with ModelFailed when it cannot be loaded."""
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="language-model")
        try:
            opened = self._worker.submit(_open, path, context_tokens, threads, gpu_layers)
            self._engine, self._render = opened.result()
        except BaseException:
            self._worker.shutdown()
            raise
        self._capabilities = Capabilities(
            name=path.stem,
            local=True,
            context_tokens=self._engine.context_tokens,
            can_score=True,
            parameters_b=round(self._engine.parameters_b, 2),
        )

    @property
    def capabilities(self) -> Capabilities:
        """Return what this model can do."""
        return self._capabilities

    @property
    def gpu_layers(self) -> int:
        """Layers on an accelerator: -1 for all, 0 for none."""
        return self._engine.gpu_layers

    def complete(
        self,
        messages: Sequence[ChatMessage],
        *,
        max_tokens: int = 256,
        schema: Schema | None = None,
        on_token: OnToken | None = None,
        cancel: threading.Event | None = None,
    ) -> Completion:
        """Write the assistant's next message; `on_token` is called from the worker thread."""
        grammar = grammar_of(schema) if schema is not None else None
        answer = self._run(
            lambda stopped: _Answer(self._engine, max_tokens, on_token or _ignore, stopped).write(
                self._prompt(messages, min(max_tokens, _LEAST_ANSWER_TOKENS)),
                grammar,
                schema is not None and ends_itself(schema),
            ),
            cancel,
        )
        if schema is not None and answer.finish == "stop":
            _check(answer.text, schema)
        return answer

    def score(self, messages: Sequence[ChatMessage], options: Sequence[str]) -> list[float]:
        """Return the mean log-probability per token of each option as the assistant's next message."""
        return self._run(lambda stopped: self._score(messages, options, stopped), None)

    def close(self) -> None:
        """Stop after what is queued and free the memory; closing twice is harmless."""
        try:
            self._worker.submit(self._engine.close).result()
        except RuntimeError:
            return
        self._worker.shutdown()

    def _run(self, work: Callable[[Callable[[], bool]], T], cancel: threading.Event | None) -> T:
        """Queue work for the worker thread; when the caller is interrupted, the work stops at its next token."""
        abandoned = threading.Event()

        def stopped() -> bool:
            return abandoned.is_set() or (cancel is not None and cancel.is_set())

        try:
            future = self._worker.submit(work, stopped)
        except RuntimeError as error:
            raise ModelFailed("the language model has been closed") from error
        try:
            return future.result()
        except BaseException:
            abandoned.set()
            raise

    def _prompt(self, messages: Sequence[ChatMessage], room_tokens: int) -> list[int]:
        if not messages:
            raise ModelFailed("there is no message to answer")
        tokens = self._engine.prompt_tokens(self._render(messages))
        limit = self._engine.context_tokens - room_tokens
        if len(tokens) > limit:
            raise PromptTooLong(
                f"the prompt has {len(tokens)} tokens; {limit} fit the context of {self._engine.context_tokens} "
                "and leave room for an answer. Shorten it, or set WEIGHBRIDGE_CONTEXT higher"
            )
        return tokens

    def _score(
        self, messages: Sequence[ChatMessage], options: Sequence[str], stopped: Callable[[], bool]
    ) -> list[float]:
        replies = [self._engine.tokenize(option, special=False) for option in options]
        empty = [option for option, reply in zip(options, replies, strict=True) if not reply]
        if empty or not replies:
            raise ModelFailed(f"nothing to score: {empty or 'no options'}")
        prompt = self._prompt(messages, max(map(len, replies)))
        self._engine.read_prompt(prompt, stopped)
        # Alone, always: in a batch with others the same token's logits differ by as much as 0.1, and then an
        # option's score would hang on what was in the context before.
        self._engine.rewind(len(prompt) - 1)
        self._engine.read(prompt[-1:])
        first = _log_probabilities(self._engine.logits())
        return [self._mean_log_probability(prompt, first, reply) for reply in replies]

    def _mean_log_probability(self, prompt: list[int], first: Logits, reply: list[int]) -> float:
        total = float(first[reply[0]])
        for before, token in pairwise(reply):
            self._engine.read([before])
            total += float(_log_probabilities(self._engine.logits())[token])
        if len(reply) > 1:
            self._engine.rewind(len(prompt))
        return total / len(reply)


class _Answer:
    """One reply being written; lives on the worker thread."""

    def __init__(self, engine: Engine, max_tokens: int, on_token: OnToken, stopped: Callable[[], bool]) -> None:
        self._engine = engine
        self._max_tokens = max_tokens
        self._on_token = on_token
        self._stopped = stopped
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._text: list[str] = []
        self._written = 0

    def write(self, prompt: list[int], grammar: str | None, may_end_early: bool) -> Completion:
        gate = GrammarGate(self._engine.vocab, grammar) if grammar is not None else None
        try:
            evaluated = self._engine.read_prompt(prompt, self._stopped)
            room = min(self._max_tokens, self._engine.context_tokens - len(prompt))
            finish = self._loop(gate, room, may_end_early)
        finally:
            if gate is not None:
                gate.close()
        self._say(self._decoder.decode(b"", final=True))
        return Completion("".join(self._text), finish, Usage(len(prompt), evaluated, self._written))

    def _loop(self, gate: GrammarGate | None, room: int, may_end_early: bool) -> Finish:
        while not self._stopped():
            logits = self._engine.logits()
            token = gate.choose(logits) if gate else likeliest(logits)
            if self._engine.ends_turn(token):
                return "stop"
            piece = self._engine.piece(token)
            self._written += 1
            self._say(self._decoder.decode(piece))
            if gate:
                gate.accept(token)
                # A complete object needs no further evaluation to learn that it has ended.
                if may_end_early and piece.endswith(_CLOSING) and gate.allows(self._engine.end_token):
                    return "stop"
            if self._written >= room:
                return "length"
            self._engine.read([token])
        return "cancelled"

    def _say(self, text: str) -> None:
        if text:
            self._text.append(text)
            self._on_token(text)


def _open(path: Path, context_tokens: int, threads: int | None, gpu_layers: GpuLayers) -> tuple[Engine, Render]:
    engine = Engine(path, context_tokens, threads, gpu_layers)
    bos, eos, control = engine.special_texts()
    return engine, template_renderer(engine.chat_template(), bos, eos, control)


def _ignore(text: str) -> None:
    """Stand in for a caller that does not stream."""


def _log_probabilities(logits: Logits) -> Logits:
    shifted = logits - logits.max()
    normalised: Logits = shifted - np.log(np.exp(shifted, dtype=np.float64).sum())
    return normalised


def _check(text: str, schema: Schema) -> None:
    """Bounds on numbers are not in the grammar, so the finished answer is held against the schema."""
    problem = problem_of(json.loads(text), schema)
    if problem:
        raise ModelFailed(f"the model's answer does not fit the schema: {problem}")
