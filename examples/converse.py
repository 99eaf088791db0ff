"""Holds a conversation from Python, without a language model: recognisers and examples read the messages."""

import os
import sys

from ui.environment import quieten

quieten(os.environ)  # before anything else is imported: it switches off what libraries would send

from agent.events import Event, FactsNoted, QuestionAsked, VerdictReached  # noqa: E402
from ui.settings import build_adviser, read_settings  # noqa: E402


def show(event: Event) -> None:
    match event:
        case FactsNoted(accepted=accepted):
            print("\n".join(f"  noted {fact.fact} = {fact.value} from “{fact.quote}”" for fact in accepted))
        case VerdictReached(workload=workload, deployment=deployment):
            print(f"  {workload}: {deployment}")
        case QuestionAsked(question=question) if "--questions" in sys.argv:
            print(f"  {question}")


adviser = build_adviser(read_settings({**os.environ, "WEIGHBRIDGE_MODEL": "none"}))
try:
    adviser.open("demo")
    for message in (
        "We label 40k support tickets a day, 350 tokens each.",
        "Prompting is enough. Nothing may leave our servers.",
    ):
        print(f"> {message}")
        adviser.turn("demo", message, emit=show)
finally:
    adviser.close()
