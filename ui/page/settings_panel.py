"""The panel of settings: each value in use, where it comes from, and a form where it may be changed here."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import gradio as gr

from tools.errors import InvalidInput, WeighbridgeError
from ui.page.cards import card
from ui.page.layout import clickable
from ui.page.models_panel import job_card
from ui.page.models_panel_jobs import Jobs
from ui.page.models_panel_switch import Desk, ModelSwitch
from ui.page.panel_script import PANEL_SCRIPT
from ui.setting_list import BY_KEY, SETTINGS, Setting
from ui.settings import Settings, change_setting, check_setting

if TYPE_CHECKING:
    from ui.page.wiring import Handlers

Update = dict[Any, Any]

_QUIET = {"show_progress": "hidden", "api_visibility": "private"}
_WHEN = {"at once": "", "with the model": "The model is loaded anew.", "at the next start": "Holds after a restart."}
# The list of models says it better: what fits this machine, what is here, what is not.
_ELSEWHERE = ("model",)


def lay_out() -> Any:
    """Create the widget, inside the Blocks that are open."""
    return clickable(closed_card("", ""), "settings", PANEL_SCRIPT)


def closed_card(theme: str, summary: str) -> str:
    """Return the panel as it is before it is opened for the first time."""
    return card("settings", drawn=False, theme=theme, summary=summary)


def settings_card(now: Settings, started: Settings, note: str = "", *, failed: bool = False) -> str:
    """Return every setting in use; `started` is what this process began with."""
    return card(
        "settings",
        drawn=True,
        theme=now.theme,
        summary=summary_of(now),
        file=str(now.file),
        rows=[_row(setting, now, started) for setting in SETTINGS],
        note=note,
        failed=failed,
    )


def summary_of(now: Settings) -> str:
    """Say in a few words what is not at its default."""
    changed = sum(now.origin(setting.key) != "default" for setting in SETTINGS)
    return f"{changed} changed" if changed else "all at their defaults"


def _row(setting: Setting, now: Settings, started: Settings) -> dict[str, Any]:
    value, origin = getattr(now, setting.key), now.origin(setting.key)
    waits = setting.applies == "at the next start" and value != getattr(started, setting.key)
    is_set = value not in (None, "")
    editable = setting.stored and setting.key not in _ELSEWHERE and origin in ("default", "settings file")
    return {
        "key": setting.key,
        "label": setting.label,
        "help": setting.help,
        "when": _WHEN[setting.applies] if editable else "",
        "value": setting.shown(value),
        "origin": _origin_words(setting, now),
        "pending": waits,
        "editable": editable,
        "kept": origin == "settings file",
        "choices": setting.choices,
        "typed": setting.shown(value) if is_set else "",
        "unset": setting.unset,
    }


def _origin_words(setting: Setting, now: Settings) -> str:
    match now.origin(setting.key):
        case "environment":
            return f"from the environment, {setting.variable}"
        case "settings file":
            return "from the settings file"
        case "command line":
            return "from the command line"
        case _ if setting.key in _ELSEWHERE:
            return "default; chosen under Models"
        case _ if not setting.stored:
            return f"default; set {setting.variable} in the environment to change it"
        case _:
            return "default"


class SettingsHandlers:
    """Keeps what is changed, and puts it into effect where that can be done without a restart."""

    def __init__(
        self, handlers: "Handlers", widget: Any, job: Any, desk: Desk, jobs: Jobs, switch: ModelSwitch
    ) -> None:
        self._handlers, self._widget, self._job, self._desk = handlers, widget, job, desk
        self._jobs, self._switch = jobs, switch

    def act(self, event: gr.EventData) -> Iterator[Update]:
        """Do what was clicked."""
        if event.action not in ("set", "unset"):
            yield self._shown()
            return
        setting = BY_KEY[event.fact]
        text = None if event.action == "unset" or not event.value.strip() else event.value
        try:
            if setting.applies == "with the model":
                yield from self._with_the_model(setting, text)
            else:
                yield self._kept(setting, text)
        except WeighbridgeError as error:
            yield self._shown(str(error), failed=True)

    def opened(self) -> Update:
        """Put the theme of the settings into effect when a page is loaded."""
        try:
            now = self._desk.read()
        except WeighbridgeError as error:
            return {self._job: card("model_job", step=None, outcome=str(error), failed=True)}
        return {self._widget: closed_card(now.theme, summary_of(now))}

    def _kept(self, setting: Setting, text: str | None) -> Update:
        before = self._desk.read()
        check_setting(before, setting.key, text)
        change_setting(before, setting.key, text)
        value = setting.shown(getattr(self._desk.read(), setting.key))
        later = " It holds after a restart." if setting.applies == "at the next start" else ""
        return self._shown(f"{setting.label}: {value}.{later}")

    def _with_the_model(self, setting: Setting, text: str | None) -> Iterator[Update]:
        job = self._jobs.start(
            f"{setting.label}: the model is loaded anew",
            lambda progress, cancel: self._switch.change(setting.key, text),
            can_cancel=False,
        )
        yield {self._job: job_card(job)}
        job.wait(3600)
        job.seen = True
        yield {**self._handlers.header(), self._job: "", **self._shown(job.outcome, failed=job.failed)}

    def _shown(self, note: str = "", *, failed: bool = False) -> Update:
        try:
            now = self._desk.read()
        except InvalidInput as error:  # the file was broken by hand while the page was open
            return {self._job: card("model_job", step=None, outcome=str(error), failed=True)}
        return {self._widget: settings_card(now, self._desk.started, note, failed=failed)}


def wire(page: Any, handlers: "Handlers", acting: SettingsHandlers, widget: Any, job: Any) -> None:
    """Connect the widget, inside the Blocks that are open."""
    shown = [widget, job, handlers.widgets.header]
    widget.click(acting.act, None, shown, **_QUIET)
    page.load(acting.opened, None, shown, **_QUIET)
