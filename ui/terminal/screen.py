"""Shows the events of a turn to a person at a terminal. It reads nothing and decides nothing."""

from rich.console import Console
from rich.live import Live
from rich.padding import Padding
from rich.text import Text

from agent.events import Answer, Event, FactsNoted, QuestionAsked, Say, Signal, Token, TurnEnd, VerdictReached
from agent.wording import clarity_words, deployment_words
from tools.facts import spec_of

_CLARITY = {"clear": "green", "close_call": "yellow", "undetermined": "magenta"}


class Screen:
    """Writes events as they come; an answer is seen while it is written, then replaced by its final text."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live: Live | None = None
        self._streamed = ""

    def show(self, event: Event) -> None:
        """Show one event."""
        if isinstance(event, Token):
            self._stream(event.text)
            return
        self.settle()
        match event:
            case FactsNoted():
                self._facts(event)
            case Answer():
                self._answer(event)
            case VerdictReached():
                self._verdict(event)
            case QuestionAsked():
                self._question(event)
            case Say():
                self._console.print(Text(event.text), soft_wrap=False)
            case Signal() | TurnEnd():
                pass

    def notice(self, text: str) -> None:
        """Show a line of the program itself."""
        self.settle()
        self._console.print(Text(text, style="dim"))

    def problem(self, text: str) -> None:
        """Show what went wrong."""
        self.settle()
        self._console.print(Text(text, style="red"))

    def settle(self) -> None:
        """Take away the half-written answer."""
        if self._live is not None:
            self._live.stop()
        self._live, self._streamed = None, ""

    def _stream(self, piece: str) -> None:
        if not self._console.is_terminal:
            return
        if self._live is None:
            self._live = Live(console=self._console, transient=True, refresh_per_second=8)
            self._live.start()
        self._streamed += piece
        self._live.update(Text(self._streamed, style="dim"))

    def _facts(self, event: FactsNoted) -> None:
        for noted in event.accepted:
            line = Text("  ✓ ", style="green").append(spec_of(noted.fact).label, style="bold not dim")
            self._console.print(line.append(f"  “{noted.quote}”", style="dim"))
        for noted in event.rejected:
            line = Text("  ✗ ", style="red").append(spec_of(noted.fact).label, style="bold not dim")
            self._console.print(line.append(f"  “{noted.quote}”: {noted.reason}", style="dim"))

    def _answer(self, event: Answer) -> None:
        self._console.print(Text(event.text))
        for number, citation in enumerate(event.citations, start=1):
            line = Text(f"[{number}] {citation.title}: “{citation.quote}”", style="dim")
            self._console.print(Padding(line, (0, 0, 0, 2)))

    def _verdict(self, event: VerdictReached) -> None:
        line = Text("  ▸ ", style="bold cyan").append(f"{event.workload}: {deployment_words(event.deployment)}", "bold")
        if event.model:
            line.append(f", {event.model}")
        line.append(f"  {clarity_words(event.clarity)}", _CLARITY.get(event.clarity, ""))
        self._console.print(line)

    def _question(self, event: QuestionAsked) -> None:
        self._console.print()
        self._console.print(Text(event.question, style="bold"))
        if event.why:
            self._console.print(Text(event.why, style="dim"))
