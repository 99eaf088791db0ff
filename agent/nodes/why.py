"""Answers "why?": why a question is asked, or why the verdict is what it is. All of it is computed."""

import re
from typing import Any

from langgraph.runtime import Runtime

from agent.context import Context
from agent.nodes.tell import tellable
from agent.speak import Voice
from agent.state import Interview, current_workload, portfolio_of
from agent.wording import break_even_words, chance_words, verdict_words
from tools.assessment import WorkloadAssessment
from tools.facts import spec_of

_ABOUT_VERDICT = re.compile(
    r"\b(?:verdict|recommend\w*|conclu\w+|result|decision|advice|suggest\w*|cheaper|expensive|cost\w*|"
    r"not (?:the |an? )?(?:api|open|self|own|flagship)|(?:own|our) servers|self[- ]?host\w*|proprietary|"
    r"open model)\b",
    re.IGNORECASE,
)
# How many ruled-out options are explained.
SPOKEN_BLOCKERS = 3


def why(state: Interview, runtime: Runtime[Context]) -> dict[str, Any]:
    """Give the reason for the pending question, or for the verdict where the message is about that."""
    voice = Voice(state, runtime.context)
    pending = state["pending"]
    if pending["kind"] == "rest" or _ABOUT_VERDICT.search(state["inbox"]["text"]):
        _explain_verdict(state, voice, runtime.context)
    elif pending["kind"] == "confirm":
        voice.say("why_confirm")
    elif pending["fact"] is None:
        voice.say("why_open")
    else:
        spec = spec_of(pending["fact"])
        chance = chance_words(pending["flip_probability"] or 0.0)
        voice.say("why_question", label=spec.label, why=spec.why, probability=chance, help=spec.help)
    return voice.update()


def _explain_verdict(state: Interview, voice: Voice, context: Context) -> None:
    entry = current_workload(state)
    if not tellable(state, entry):
        voice.say("why_nothing")
        return
    assessment = context.assess(portfolio_of(state))
    workload = next(w for w in assessment.workloads if w.name == entry["name"])
    reasons = [*workload.verdict.reasons, *_blockers(workload), break_even_words(workload)]
    said = "\n".join(f"- {reason}" for reason in reasons if reason)
    voice.say("why_verdict", verdict=verdict_words(workload.name, workload.verdict), reasons=f"\n{said}\n")


def _blockers(workload: WorkloadAssessment) -> list[str]:
    """Return what rules out other deployments, each rule once."""
    texts: dict[str, str] = {}
    for option in workload.options:
        if not option.feasible and option.deployment != workload.verdict.deployment:
            for blocker in option.blockers:
                texts.setdefault(blocker.rule, blocker.text)
    return list(texts.values())[:SPOKEN_BLOCKERS]
