"""What the buttons of the models panel do: each long thing is a job that every open page may follow."""

import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from models.fetching import Progress
from tools.errors import Cancelled, InvalidInput, ModelMissing, WeighbridgeError
from ui.bench import measure_loaded
from ui.page.models_panel import ModelsWidgets, active_model, closed_card, job_card, models_card, size_words
from ui.page.models_panel_jobs import Job, Jobs
from ui.page.models_panel_switch import Desk, ModelSwitch
from ui.settings import NO_MODEL
from ui.speeds import keep_speed

if TYPE_CHECKING:
    from ui.page.wiring import Handlers

Update = dict[Any, Any]

_LOOK_AGAIN_SECONDS = 0.4
_MAGIC = b"GGUF"
_MEASURED_TOKENS = 48
_QUIET = {"show_progress": "hidden", "api_visibility": "private"}


class ModelsHandlers:
    """Fetches, checks, deletes and chooses models."""

    def __init__(
        self, handlers: "Handlers", widgets: ModelsWidgets, desk: Desk, jobs: Jobs, switch: ModelSwitch
    ) -> None:
        self._handlers, self._widgets, self._desk = handlers, widgets, desk
        self._jobs, self._switch = jobs, switch

    def act(self, event: gr.EventData) -> Update:
        """Do what was clicked; what takes long is begun, and `follow` shows it."""
        try:
            match event.action:
                case "pull":
                    self._begin_pull(event.value)
                case "verify":
                    self._begin_verify(event.value)
                case "use":
                    self._begin_use(event.value)
                case "measure":
                    self._begin_measure()
                case "own":
                    self._begin_use(_own_file(event.value))
                case "delete":
                    return {**self._list(), self._widgets.job: self._said(self._delete(event.value))}
        except WeighbridgeError as error:
            return {**self._list(), self._widgets.job: self._said(str(error), failed=True)}
        return self._list()

    def follow(self) -> Iterator[Update]:
        """Show the job that is going on, to its end; with none there is nothing to show."""
        yield {self._widgets.job: gr.skip()}  # Gradio empties every widget where a handler yields nothing at all
        while (job := self._jobs.to_show()) is not None:
            yield {**self._handlers.header(), self._widgets.job: job_card(job)}
            while not job.wait(_LOOK_AGAIN_SECONDS):
                yield {self._widgets.job: job_card(job)}
            job.seen = True
            yield {**self._handlers.header(), **self._list(), self._widgets.job: job_card(job)}

    def opened(self) -> Iterator[Update]:
        """Name the model in use when a page is loaded, and follow what goes on."""
        yield {self._widgets.models: closed_card(self._in_use())}
        yield from self.follow()

    def cancel(self, event: gr.EventData) -> None:
        """Stop the job."""
        if event.action == "cancel":
            self._jobs.cancel()

    def _begin_pull(self, name: str) -> Job:
        entry = self._entry(name)

        def pull(progress: Progress, cancel: threading.Event) -> str:
            try:
                path = self._desk.store.pull(name, progress)
            except ModelMissing as error:
                raise ModelMissing(f"{error}\n{self._without_network(name)}") from error
            if active_model(self._desk.read()) == name and self._handlers.adviser.model is None:
                progress(0, None, "loading it")
                return f"{entry.title} is here, and its sha256 is right. {self._switch.reload()}"
            return f"{entry.title} is here, and its sha256 is right: {path}"

        return self._jobs.start(f"Download of {entry.title}", pull)

    def _begin_verify(self, name: str) -> Job:
        title = self._entry(name).title

        def verify(progress: Progress, cancel: threading.Event) -> str:
            return f"{title}: sha256 {self._desk.store.verify(name, progress)}, as it should be."

        return self._jobs.start(f"Check of {title}", verify)

    def _begin_use(self, name: str) -> Job:
        if name != NO_MODEL and not name.endswith(".gguf"):
            self._desk.store.path_of(name)

        def use(progress: Progress, cancel: threading.Event) -> str:
            progress(0, None, "the old model goes out, the new one comes in")
            return self._switch.change("model", name)

        return self._jobs.start("Change of the model", use, can_cancel=False)

    def _begin_measure(self) -> Job:
        settings, model = self._desk.read(), self._handlers.adviser.model
        if model is None:
            raise InvalidInput("There is no language model in use, so there is nothing to measure. Choose one first.")

        def measure(progress: Progress, cancel: threading.Event) -> str:
            progress(0, None, "it reads a page and writes about it; turns wait until it is done")
            with self._handlers.turns.held("The speed of the model is being measured. Send it again in a moment."):
                speed = measure_loaded(model, _MEASURED_TOKENS, cancel=cancel)
            if cancel.is_set():
                raise Cancelled("stopped")
            keep_speed(settings.speeds_file, active_model(settings), datetime.now().date(), speed)
            reads, writes = speed.prompt_tokens_per_second, speed.output_tokens_per_second
            return f"It reads {reads:.0f} and writes {writes:.1f} tokens a second on this machine."

        return self._jobs.start("Measurement", measure)

    def _delete(self, name: str) -> str:
        if name == active_model(self._desk.read()) and self._handlers.adviser.model is not None:
            raise InvalidInput("This model is in use. Choose another one first, then delete it.")
        if self._jobs.running() is not None:
            raise InvalidInput("Something else is still going on. Wait for its end, or cancel it.")
        freed = self._desk.store.delete(name)
        return f"{self._entry(name).title} is deleted; {size_words(freed)} are free again."

    def _without_network(self, name: str) -> str:
        entry = self._entry(name)
        return (
            f"Without a network: run `weighbridge models pull {name}` on a machine that has one and copy the files of "
            f"its gguf folder to {self._desk.store.root}, or fetch {entry.file} from {entry.page} and name it below "
            "as a file of your own."
        )

    def _entry(self, name: str) -> Any:
        found = next((one.entry for one in self._desk.store.list() if one.entry.name == name), None)
        if found is None:
            raise InvalidInput(f"{name}: there is no such model in the list. Load the page again.")
        return found

    def _list(self) -> Update:
        try:
            shown = models_card(self._desk, self._loaded(), self._in_use())
        except WeighbridgeError as error:
            return {self._widgets.job: self._said(str(error), failed=True)}
        return {self._widgets.models: shown}

    def _loaded(self) -> bool:
        opened = self._handlers.opened()
        return opened is not None and opened.adviser.model is not None

    def _in_use(self) -> str:
        opened = self._handlers.opened()
        return opened.model_line if opened is not None else ""

    def _said(self, text: str, *, failed: bool = False) -> str:
        from ui.page.cards import card

        return card("model_job", step=None, outcome=text, failed=failed)


def _own_file(said: str) -> str:
    """Return the path of a GGUF file as given, or say what is wrong with it."""
    path = Path(said.strip().strip("\"'")).expanduser()
    if not said.strip():
        raise InvalidInput("Give the path of a GGUF file, such as ~/models/model.gguf.")
    try:
        with path.open("rb") as file:
            begins = file.read(len(_MAGIC))
    except OSError as error:
        raise InvalidInput(f"{path}: cannot be read ({error.strerror}). Give the whole path of a GGUF file.") from error
    if begins != _MAGIC:
        raise InvalidInput(f"{path}: is not a GGUF file. Look for one whose name ends in .gguf.")
    return str(path.resolve())


def wire(page: Any, handlers: "Handlers", acting: ModelsHandlers, widgets: ModelsWidgets) -> None:
    """Connect the widgets, inside the Blocks that are open."""
    shown = [*widgets.all(), handlers.widgets.header, handlers.widgets.notice]
    begun = widgets.models.click(acting.act, None, widgets.all(), trigger_mode="multiple", **_QUIET)
    begun.then(acting.follow, None, shown, trigger_mode="multiple", **_QUIET)
    widgets.job.click(acting.cancel, None, None, queue=False, **_QUIET)
    page.load(acting.opened, None, shown, **_QUIET)
