"""Renders a conversation with a model's own chat template, or ChatML. It knows no engine and no tokens."""

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from models.protocol import ChatMessage
from tools.errors import ModelFailed

log = logging.getLogger(__name__)

Render = Callable[[Sequence[ChatMessage]], str]


def template_renderer(template: str | None, bos: str, eos: str, control_texts: Iterable[str]) -> Render:
    """Return a function from messages to prompt text; without a template it is ChatML, and the log says so.

    `control_texts` are the spellings of the model's control tokens; in a message they are broken up, so that
    what a user types cannot pose as the end of a turn.
    """
    if template is None:
        log.warning("this GGUF file has no chat template; using ChatML")
    form = _chatml if template is None else _jinja(template, bos, eos)
    texts = sorted((text for text in control_texts if len(text) > 1), key=len, reverse=True)

    def render(messages: Sequence[ChatMessage]) -> str:
        return form([{"role": role, "content": _broken_up(text, texts)} for role, text in _joined(messages)])

    return render


def _joined(messages: Sequence[ChatMessage]) -> list[tuple[str, str]]:
    """Neighbours of one role become one message: several templates insist on turns that alternate."""
    groups = groupby(messages, key=lambda message: message.role)
    return [(role, "\n\n".join(message.content for message in group)) for role, group in groups]


def _broken_up(text: str, control_texts: Sequence[str]) -> str:
    for control in control_texts:
        if control in text:
            text = text.replace(control, f"{control[0]} {control[1:]}")
    return text


def _chatml(messages: list[dict[str, str]]) -> str:
    turns = (f"<|im_start|>{message['role']}\n{message['content']}<|im_end|>\n" for message in messages)
    return "".join(turns) + "<|im_start|>assistant\n"


def _jinja(template: str, bos: str, eos: str) -> Callable[[list[dict[str, str]]], str]:
    import jinja2
    from jinja2.ext import loopcontrols
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[loopcontrols])
    environment.globals.update(raise_exception=_refuse, strftime_now=lambda form: datetime.now().strftime(form))
    try:
        compiled = environment.from_string(template)
    except jinja2.TemplateError as error:
        log.warning("this GGUF file's chat template cannot be read (%s); using ChatML", error)
        return _chatml

    def render(messages: list[dict[str, str]]) -> str:
        names: dict[str, Any] = {"bos_token": bos, "eos_token": eos, "add_generation_prompt": True}
        try:
            return compiled.render(messages=messages, enable_thinking=False, **names)
        except (jinja2.TemplateError, ValueError) as error:
            if messages[0]["role"] == "system" and len(messages) > 1:
                return render(_without_system(messages))
            raise ModelFailed(f"the model's chat template refused the conversation: {error}") from error

    return render


def _refuse(message: str) -> str:
    raise ValueError(message)


def _without_system(messages: list[dict[str, str]]) -> list[dict[str, str]]:
    """Some templates know no system role: its text then opens the first user message."""
    system, first, *rest = messages
    return [{**first, "content": f"{system['content']}\n\n{first['content']}"}, *rest]
