"""Lays the page out as Gradio widgets. It knows no adviser and no event; `ui/page/wiring.py` makes it work."""

from dataclasses import dataclass, fields
from functools import lru_cache
from importlib.resources import files
from typing import Any

import gradio as gr

from tools.data_files import parse_yaml
from ui.page.cards import card, replies_bar
from ui.page.replies import NONE

HOLDER = "Describe a workload in your own words, answer, or ask anything"

# One listener per widget: clicks on anything with `data-action`, and Enter in a one-line form.
_ON_LOAD = """
element.addEventListener('click', (event) => {
  const button = event.target.closest('[data-action]');
  if (!button) return;
  const form = button.closest('[data-form]');
  let value = button.dataset.value;
  if (value === undefined && form) {
    const boxes = [...form.querySelectorAll('input[type=checkbox]')];
    value = boxes.length ? boxes.filter((box) => box.checked).map((box) => box.value)
                         : form.querySelector('select, input').value;
  }
  trigger('click', {action: button.dataset.action, fact: button.dataset.fact || '', value: value ?? ''});
});
element.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || !event.target.matches('input[type=text]')) return;
  event.preventDefault();
  event.target.closest('[data-form]').querySelector('[data-action]').click();
});
"""
# Files go straight to our own route, one after the other: Gradio's upload would keep copies of them.
_ON_UPLOAD = """
element.addEventListener('change', async (event) => {
  if (event.target.type !== 'file') return;
  const said = [];
  for (const file of event.target.files) {
    element.querySelector('[data-note]').textContent = `Reading ${file.name} …`;
    try {
      const answer = await fetch(`documents?name=${encodeURIComponent(file.name)}`,
                                 {method: 'POST', headers: {'x-weighbridge': 'documents'}, body: file});
      said.push(await answer.text());
    } catch (error) {
      said.push(`${file.name}: could not be handed over; try again.`);
    }
  }
  trigger('click', {action: 'added', fact: '', value: said.join('\\n')});
});
"""


@dataclass(frozen=True, slots=True)
class Widgets:
    """Every widget that changes while the page is used."""

    session: Any
    shown: Any
    seen: Any
    catch_up: Any
    header: Any
    sessions: Any
    new: Any
    delete: Any
    chat: Any
    notice: Any
    examples: Any
    replies: Any
    text: Any
    send: Any
    stop: Any
    board: Any
    verdict: Any
    facts: Any
    documents: Any
    assumptions: Any
    costs: Any
    changes: Any
    downloads: Any
    axes: Any
    chart: Any
    what_if: Any
    portfolio: Any
    resend: Any
    sections: Any

    def all(self) -> list[Any]:
        """Return the widgets in their order."""
        return [getattr(self, field.name) for field in fields(self)]


@dataclass(frozen=True, slots=True)
class SecondOpinionWidgets:
    """The panel that shows what would leave the machine and asks for leave."""

    question: Any
    prepare: Any
    exact: Any
    digest: Any
    agree: Any
    refuse: Any
    result: Any

    def all(self) -> list[Any]:
        """Return the widgets in their order."""
        return [getattr(self, field.name) for field in fields(self)]


def lay_out(escalation: bool) -> tuple[Widgets, SecondOpinionWidgets | None]:
    """Create the widgets of the page, inside the Blocks that are open; the panel only while escalation is on."""
    session = gr.Textbox("", visible="hidden", elem_id="session", label="Session", container=False)
    shown = gr.State("")
    seen = gr.Textbox("", visible="hidden", elem_id="seen", label="State", container=False)
    catch_up = gr.HTML("", js_on_load=_script("catch_up.js"), apply_default_css=False, elem_id="catch-up")
    header = still(header_html("loading", "Offline", "starting"), "header")
    with gr.Row(elem_id="main", equal_height=False):
        with gr.Column(scale=11, min_width=320, elem_id="talk"):
            sessions, new, delete = _session_bar()
            chat = _chat()
            resend = gr.HTML("", js_on_load=_script("chat.js"), apply_default_css=False, elem_id="resend")
            notice = still("", "notice")
            examples = clickable(examples_html(), "examples")
            replies = clickable(replies_bar(NONE, asking=False), "replies")
            text, send, stop = _input_row()
        with gr.Column(scale=9, min_width=320, elem_id="result"):
            sections = gr.HTML("", js_on_load=_script("sections.js"), apply_default_css=False, elem_id="sections")
            board = clickable("", "board")
            verdict = still(card("no_verdict", facts=0), "verdict")
            axes = still("", "axes")
            changes = still("", "changes")
            downloads = still("", "downloads")
            portfolio = clickable("", "portfolio")
            facts = clickable("", "facts")
            what_if = gr.HTML("", js_on_load=_script("what_if.js"), apply_default_css=False, elem_id="what-if")
            chart = still("", "chart")
            costs = still("", "costs")
            documents = clickable("", "documents", _ON_UPLOAD)
            assumptions = clickable("", "assumptions")
            panel = _second_opinion() if escalation else None
    widgets = Widgets(
        session, shown, seen, catch_up, header, sessions, new, delete, chat, notice, examples, replies, text, send,
        stop, board, verdict, facts, documents, assumptions, costs, changes, downloads, axes, chart, what_if,
        portfolio, resend, sections,
    )  # fmt: skip
    return widgets, panel


def _second_opinion() -> SecondOpinionWidgets:
    with gr.Accordion("A second opinion from outside", open=False, elem_id="escalation"):
        still(
            "<p class='wb-quiet'>Nothing leaves this machine until you have read the exact text below and agreed to "
            "it. An opinion changes no figure and no verdict.</p>",
            "escalation-promise",
        )
        question = gr.Textbox(label="What should it look at? (optional)", lines=2, elem_id="escalation-question")
        prepare = gr.Button("Show what would be sent", elem_id="escalation-prepare")
        exact = gr.Textbox(
            label="Exactly this would be sent", lines=12, interactive=False, visible=False, elem_id="escalation-text"
        )
        digest = gr.State("")
        with gr.Row():
            agree = gr.Button("I agree: send it, once", variant="primary", visible=False, elem_id="escalation-agree")
            refuse = gr.Button("Do not send", visible=False, elem_id="escalation-refuse")
        result = still("", "escalation-result")
    return SecondOpinionWidgets(question, prepare, exact, digest, agree, refuse, result)


def header_html(state: str, mode: str, line: str) -> str:
    """Return the bar with name, mode and model."""
    return card("header", state=state, mode=mode, line=line)


def examples_html() -> str:
    """Return the prompts to click."""
    return card("examples", examples=_examples())


def clickable(value: str, name: str, more: str = "") -> Any:
    """Return an HTML widget that tells of clicks on its `data-action` elements, and does what `more` says."""
    return gr.HTML(value, js_on_load=_ON_LOAD + more, apply_default_css=False, elem_id=name)


def still(value: str, name: str) -> Any:
    """Return an HTML widget that is only looked at."""
    return gr.HTML(value, js_on_load=None, apply_default_css=False, elem_id=name)


def _session_bar() -> tuple[Any, Any, Any]:
    with gr.Row(elem_id="session-bar"):
        sessions = gr.Dropdown([], label="Conversation", filterable=False, elem_id="sessions", scale=8, min_width=160)
        new = gr.Button("New", elem_id="new-session", size="sm", scale=1, min_width=64)
        delete = gr.Button("Delete", elem_id="delete-session", size="sm", scale=1, min_width=64)
    return sessions, new, delete


def _chat() -> Any:
    return gr.Chatbot(
        [],
        label="Conversation with Weighbridge",
        show_label=False,
        elem_id="chat",
        height=None,
        buttons=[],
        feedback_options=None,
        latex_delimiters=[],
        layout="bubble",
        container=False,
        placeholder='<p class="wb-quiet">Getting ready &hellip;</p>',
    )


def _input_row() -> tuple[Any, Any, Any]:
    with gr.Row(elem_id="input-row"):
        text = gr.Textbox(
            "",
            label="Your message",
            show_label=False,
            container=False,
            placeholder=HOLDER,
            lines=1,
            max_lines=8,
            autofocus=True,
            scale=9,
            elem_id="message",
            html_attributes=gr.InputHTMLAttributes(autocomplete="off"),
        )
        send = gr.Button("Send", variant="primary", elem_id="send", scale=1, min_width=84)
        stop = gr.Button("Stop", variant="stop", visible=False, elem_id="stop", scale=1, min_width=84)
    return text, send, stop


def _script(name: str) -> str:
    return files("ui.page").joinpath("static", name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _examples() -> list[dict[str, str]]:
    name = "ui/page/examples.yaml"
    text = files("ui.page").joinpath("examples.yaml").read_text(encoding="utf-8")
    examples: list[dict[str, str]] = parse_yaml(text, name)
    return examples
