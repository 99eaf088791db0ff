"""The panel of language models: which there are, which run on this machine, and how far a download is. It does nothing.

`ui/page/models_panel_handlers.py` does what its buttons say.
"""

from dataclasses import dataclass, fields
from typing import Any

from models.catalogue import DEFAULT_MODEL
from models.machine import Machine, fit
from models.store import StoredModel
from ui.page.cards import card
from ui.page.layout import clickable
from ui.page.models_panel_jobs import Job, Step
from ui.page.models_panel_switch import Desk
from ui.page.panel_script import PANEL_SCRIPT
from ui.settings import NO_MODEL, Settings
from ui.speeds import expected_speed, read_speeds

_VERDICTS = {
    "yes": "Runs on this machine:",
    "tight": "Just fits this machine:",
    "no": "Does not fit this machine now:",
    "unknown": "Not known whether it runs here:",
}
_CHECKED = {
    "measured": "Its hash was measured by us.",
    "secondary": "Its hash is the one that several public projects pin.",
    "unverified": "Its hash is not on record; the first download pins it.",
}


@dataclass(frozen=True, slots=True)
class ModelsWidgets:
    """The list and the job of the moment."""

    models: Any
    job: Any

    def all(self) -> list[Any]:
        """Return the widgets in their order."""
        return [getattr(self, field.name) for field in fields(self)]


def lay_out() -> ModelsWidgets:
    """Create the widgets, inside the Blocks that are open."""
    models = clickable(closed_card(), "models", PANEL_SCRIPT)
    job = clickable("", "model-job")
    return ModelsWidgets(models, job)


def closed_card(in_use: str = "") -> str:
    """Return the panel as it is before it is opened for the first time."""
    return card("models", drawn=False, in_use=in_use)


def models_card(desk: Desk, loaded: bool, in_use: str) -> str:
    """Return the list; `loaded` says whether a language model is in memory, `in_use` names it."""
    settings, machine = desk.read(), desk.look()
    active = active_model(settings)
    stored = desk.store.list()
    catalogue = {one.entry.name: one.entry for one in stored}
    speeds = read_speeds(settings.speeds_file)
    chosen, fixed = active if loaded else "", _fixed(settings)
    freed = sum(_freed_gb(one) for one in stored if loaded and one.entry.name == active)
    return card(
        "models",
        drawn=True,
        in_use=in_use,
        machine=machine_words(machine),
        fixed=fixed,
        rows=[
            _row(one, chosen, machine, freed, expected_speed(one.entry, speeds, catalogue), bool(fixed))
            for one in stored
        ],
        own=active if active not in catalogue and active.endswith(".gguf") else "",
        none=active == NO_MODEL,
    )


def job_card(job: Job | None) -> str:
    """Return how far a job is, or how it ended; nothing where there was none."""
    if job is None:
        return ""
    if job.finished:
        return card("model_job", step=None, outcome=job.outcome, failed=job.failed)
    step = job.step()
    share = round(1000 * step.done_bytes / step.total_bytes) if step.total_bytes else None
    shown = {"title": step.title, "stage": step.stage, "can_cancel": step.can_cancel, "share": share}
    return card("model_job", step={**shown, "figures": _figures(step)}, outcome="", failed=False)


def active_model(settings: Settings) -> str:
    """Return the name or path that the settings choose."""
    return settings.model or DEFAULT_MODEL


def size_words(count: float) -> str:
    """Return a number of bytes as a person says it."""
    return f"{count / 1e9:.2f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"


def machine_words(machine: Machine) -> str:
    """Say in a sentence what this machine has."""
    if machine.memory_free_bytes is None or machine.memory_total_bytes is None:
        memory = "This machine does not say how much memory is free"
    else:
        free, total = machine.memory_free_bytes / 1e9, machine.memory_total_bytes / 1e9
        memory = f"This machine has {free:.1f} GB of {total:.1f} GB memory free"
    runs = machine.accelerator.line().partition(": ")[2] if machine.accelerator else "the engine cannot be loaded"
    return f"{memory} and {machine.disk_free_bytes / 1e9:.0f} GB on the disk; {runs}."


def _fixed(settings: Settings) -> str:
    origin = settings.origin("model")
    if origin not in ("environment", "command line"):
        return ""
    place = settings.place("model").rstrip("=")
    return f"{place} in the {origin} chooses the model. Start without it to choose here; downloads work all the same."


def _row(one: StoredModel, active: str, machine: Machine, freed_gb: float, speed: str, fixed: bool) -> dict[str, Any]:
    entry, here, in_use = one.entry, one.path is not None, one.entry.name == active
    found = fit(entry, machine, arrived_bytes=None if here else one.partial_bytes, freed_gb=0 if in_use else freed_gb)
    # What runs already fits, whatever is free beside it.
    return {
        "name": entry.name,
        "title": entry.title,
        "publisher": entry.publisher.partition(";")[0],
        "licence": entry.licence,
        "size": size_words(entry.size_bytes) if entry.size_bytes else "size told at the download",
        "context": f"{entry.context_tokens:,}",
        "here": here,
        "in_use": in_use,
        "answer": "yes" if in_use else found.answer,
        "verdict": "Runs on this machine now:" if in_use else _VERDICTS[found.answer],
        "reasons": (f"needs {entry.memory_gb:g} GB of memory",) if in_use else found.reasons,
        "speed": speed,
        "checked": _CHECKED[entry.confidence],
        "note": entry.note,
        "actions": _actions(one, in_use, found.answer, fixed),
    }


def _actions(one: StoredModel, in_use: bool, answer: str, fixed: bool) -> list[dict[str, Any]]:
    def action(name: str, label: str, *, strong: bool = False, confirm: str = "") -> dict[str, Any]:
        return {"name": name, "label": label, "strong": strong, "confirm": confirm}

    title = one.entry.title
    if one.path is None:
        anyway = f"{title} does not fit this machine now. Download it anyway?" if answer == "no" else ""
        arrived = f"Go on with the download ({size_words(one.partial_bytes)} is here)"
        actions = [action("pull", arrived if one.partial_bytes else "Download", strong=answer == "yes", confirm=anyway)]
        if one.partial_bytes:
            actions.append(action("delete", "Delete what is here", confirm=f"Delete what has arrived of {title}?"))
        return actions
    actions = [action("measure", "Measure its speed"), action("verify", "Verify")]
    if not in_use:
        anyway = f"{title} may not fit the memory that is free. Load it anyway?" if answer in ("no", "unknown") else ""
        actions = [] if fixed else [action("use", "Use", strong=True, confirm=anyway)]
        confirm = f"Delete the file of {title}? It can be downloaded again."
        actions += [action("verify", "Verify"), action("delete", "Delete", confirm=confirm)]
    return actions


def _freed_gb(one: StoredModel) -> float:
    """What a loaded model gives back: its cache and buffers; its file lies in memory that counts as free."""
    return max(0.0, one.entry.memory_gb - (one.entry.size_bytes or 0) / 1e9)


def _figures(step: Step) -> str:
    if step.total_bytes is None and not step.done_bytes:
        return ""
    of_all = f" of {step.total_bytes / 1e6:,.0f} MB" if step.total_bytes else " MB"
    words = [f"{step.done_bytes / 1e6:,.0f}{of_all}"]
    if step.bytes_per_second:
        words.append(f"{step.bytes_per_second / 1e6:.1f} MB/s")
    if step.seconds_left is not None:
        words.append(f"about {_time(step.seconds_left)} left")
    return " · ".join(words)


def _time(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
