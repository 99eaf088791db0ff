"""Turns a session's view into the contents of the widgets. It runs no turn and serves nothing."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import gradio as gr

from agent.sessions import SessionInfo
from agent.view import SessionView
from tools.assessment import Flip
from ui.page.assumed import assumptions_card
from ui.page.axes import axes_card
from ui.page.bubbles import transcript_bubbles
from ui.page.cards import board, card, changes_card, costs_card, facts_card, replies_bar, verdict_card
from ui.page.charts import break_even_waiting
from ui.page.layout import HOLDER, Widgets, examples_html
from ui.page.portfolio_board import portfolio_card
from ui.page.replies import replies_to

Update = dict[Any, Any]


def whole_screen(widgets: Widgets, view: SessionView, sessions: Sequence[SessionInfo], problem: str = "") -> Update:
    """Return everything that the page shows of a session that waits for the user."""
    replies = replies_to(view.pending)
    placeholder = f"For example: {replies.example}" if replies.example else HOLDER
    return {
        widgets.session: view.id,
        widgets.seen: stamp_of(sessions, view.id),
        widgets.sessions: gr.Dropdown(choices=_choices(sessions, view), value=view.id),
        widgets.chat: transcript_bubbles(view.transcript, view.pending, view.resendable),
        widgets.notice: card("notice", text=problem, kind="problem"),
        widgets.examples: "" if has_spoken(view) else examples_html(),
        widgets.replies: replies_bar(replies, asking=view.pending is not None and has_spoken(view)),
        widgets.text: gr.Textbox(placeholder=placeholder, interactive=True),
        widgets.send: gr.Button(visible=True, interactive=True),
        widgets.stop: gr.Button(visible=False),
        **panels(widgets, view, view.current),
    }


def busy(widgets: Widgets) -> Update:
    """Return what changes when a turn begins."""
    return {
        widgets.notice: "",
        widgets.examples: "",
        widgets.replies: "",
        widgets.text: gr.Textbox(value="", placeholder="Answering …"),
        widgets.send: gr.Button(visible=False),
        widgets.stop: gr.Button(visible=True),
    }


def panels(widgets: Widgets, view: SessionView, name: str, flips: Mapping[str, Iterable[Flip]] | None = None) -> Update:
    """Return the cards beside the conversation for one workload."""
    verdict = verdict_card(view, name)
    return {
        widgets.shown: name,
        widgets.board: board(view, name),
        widgets.verdict: verdict,
        widgets.facts: facts_card(view, name),
        widgets.assumptions: assumptions_card(view.assumptions),
        widgets.costs: costs_card(view, name),
        widgets.changes: changes_card(view, name, None if flips is None else flips[name]),
        widgets.sections: _sections(view) if "wb-where" in verdict else "",
        widgets.axes: axes_card(view, name),
        widgets.chart: break_even_waiting() if "wb-where" in verdict else "",
        widgets.portfolio: portfolio_card(view, name),
        widgets.downloads: card("downloads", ready="wb-where" in verdict, session=view.id),
    }


def _sections(view: SessionView) -> str:
    parts = [("verdict", "Verdict"), ("downloads", "Report")]
    if len(view.workloads) > 1:
        parts.append(("portfolio", "All workloads"))
    parts += [("facts", "Facts"), ("what-if", "What if"), ("chart", "Volume"), ("costs", "Costs")]
    return card("sections", parts=parts)


def problem(widgets: Widgets, text: str) -> Update:
    """Return a sentence about what went wrong."""
    return {widgets.notice: card("notice", text=text, kind="problem")}


def stamp_of(sessions: Iterable[SessionInfo], session: str) -> str:
    """Return when a session last changed, or nothing where there is no such session."""
    return next((info.updated_at for info in sessions if info.id == session), "")


def _choices(sessions: Iterable[SessionInfo], view: SessionView) -> list[tuple[str, str]]:
    return [
        (
            f"{_title(view, info)} · {_when(info.updated_at)}",
            info.id,
        )
        for info in sessions
    ]


def _title(view: SessionView, info: SessionInfo) -> str:
    if info.id != view.id:
        return info.title or "New conversation"
    is_new = view.title == view.current and not has_spoken(view)
    return "New conversation" if is_new else view.title


def _when(stamp: str) -> str:
    return stamp[:16].replace("T", " ")


def has_spoken(view: SessionView) -> bool:
    """Say whether anything was said or set in a session."""
    facts = view.organization or any(workload.facts for workload in view.workloads)
    return bool(facts) or any(line.role == "user" for line in view.transcript)
