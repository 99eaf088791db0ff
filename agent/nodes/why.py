"""Answers "why?": why a question is asked, or why the verdict is what it is. All of it is computed."""

import re
from collections import Counter
from typing import Any

from langgraph.runtime import Runtime

from agent.context import Context
from agent.named_options import cheapest_line, named_lines
from agent.nodes.tell import tellable
from agent.speak import Voice
from agent.state import Interview, current_workload, portfolio_of
from agent.wording import break_even_words, chance_words, verdict_words
from tools.assessment import WorkloadAssessment
from tools.facts import spec_of

_ABOUT_VERDICT = re.compile(
    r"\b(?:verdict|recommend\w*|conclu\w+|result|decision|advice|suggest\w*|cheaper|expensive|cost\w*|"
    r"why not \w+|not (?:the |an? )?(?:api|open|self|own|flagship)|(?:own|our) servers|self[- ]?host\w*|proprietary|"
    r"open model)\b",
    re.IGNORECASE,
)
# A question about the user's own case is answered from the results, not from the guidance.
_ABOUT_OWN = re.compile(
    r"\b(?:your (?:verdict|recommendation|advice|conclusion)|the verdict|"
    r"(?:what|which\b.{0,30}?) (?:do|would|should|did) (?:you|we|i) (?:recommend|advise|suggest|choose|pick|go with)|"
    r"(?:tell|show) (?:me|us) what (?:to (?:do|use|pick|choose|take)|we should (?:do|use|pick|choose|take))|"
    r"what(?: (?:should|shall|must|do|would) (?:we|i|you))? (?:do|use|take)(?: (?:then|now|here))*(?=\W*$)|"
    r"what['’]?s (?:your|the) (?:verdict|recommendation|advice|conclusion|answer|bottom line)|the bottom line|"
    r"(?:how much|what) (?:will|would|does|do|is) (?:it|this|that|we|all (?:this|that)) (?:all )?(?:cost|pay)|"
    r"cost (?:us|me)\b|how (?:sure|certain|confident) (?:are you|is (?:that|this|it))|"
    r"are you (?:sure|certain|confident)|(?:your|the) (?:confidence|certainty)|"
    r"the cheapest\b.{0,40}\b(?:works?|passes|fits|options?|way|for us)\b|"
    r"how many (?:gpus?|cards?|accelerators?|servers?|machines?) (?:is|are|would|do|does|will)\b|"
    r"why not|why (?:should|would|do) (?:we|i) (?:not )?(?:use|run|host|pay)|"
    r"(?:my|our) (?:monthly )?(?:cost|costs|bill|break-?even))\b",
    re.IGNORECASE,
)
_WHAT_ABOUT = re.compile(
    r"^\W*(?:(?:and|but|so|ok|okay|well|then|please)\W+)*(?:(?:what|how) about\b|compare\b|(?:versus|vs)\b)|"
    r"\bcompared? (?:it|that|this)?\s?(?:with|to|against)\b|\bwhat (?:would|will|does) (?:it|that|this) cost\b|"
    r"^(?=.*\b(?:for (?:this|that|it|us)|here|in our case)\b)"
    r".*\b(?:can|could|may|should|to|about)\s(?:we |i )?(?:use|using|run|take)\b",
    re.IGNORECASE,
)
# How many ruled-out options are explained.
SPOKEN_BLOCKERS = 3


def why(state: Interview, runtime: Runtime[Context]) -> dict[str, Any]:
    """Give the reason for the pending question, or for the verdict where the message is about that."""
    voice = Voice(state, runtime.context)
    pending = state["pending"]
    if pending["kind"] == "rest" or _ABOUT_VERDICT.search(state["inbox"]["text"]):
        voice.utter(explanation(state, voice, runtime.context) or voice.line("why_nothing"))
    elif pending["kind"] == "confirm":
        foreign = bool(state["doubts"]) and "currency" in state["doubts"][0]
        voice.say("why_dollars" if foreign else "why_confirm")
    elif pending["fact"] is None:
        voice.say("why_open")
    else:
        spec = spec_of(pending["fact"])
        chance = chance_words(pending["flip_probability"] or 0.0)
        voice.say("why_question", label=spec.label, why=spec.why, probability=chance, help=spec.help)
    return voice.update()


def asks_about_verdict(question: str) -> bool:
    """Say whether a question is about the user's own case."""
    return _ABOUT_OWN.search(question) is not None


def asks_about_option(question: str) -> bool:
    """Say whether a question brings up another option: "what about Claude on Bedrock?"."""
    return _WHAT_ABOUT.match(question) is not None


def comparison(state: Interview, voice: Voice, context: Context) -> str:
    """Compare what the question names with the verdict; the empty text where it names none of the options."""
    workload = _assessed(state, context)
    if workload is None:
        return ""
    question = state["reading"]["question"] or state["inbox"]["text"]
    named = [*cheapest_line(question, workload, voice), *named_lines(question, workload, voice)]
    if not named:
        return ""
    verdict = verdict_words(workload.name, workload.verdict)
    return voice.line("why_named", lines="".join(f"- {line}\n" for line in named), verdict=verdict)


def explanation(state: Interview, voice: Voice, context: Context) -> str:
    """Explain the verdict from what was computed; the empty text where too little is known for one."""
    if compared := comparison(state, voice, context):
        return compared
    workload = _assessed(state, context)
    if workload is None:
        return ""
    verdict = verdict_words(workload.name, workload.verdict)
    reasons = [*workload.verdict.reasons, *_blockers(workload), break_even_words(workload)]
    said = "\n".join(f"- {reason}" for reason in reasons if reason)
    return voice.line("why_verdict", verdict=verdict, reasons=f"\n{said}\n")


def _assessed(state: Interview, context: Context) -> WorkloadAssessment | None:
    entry = current_workload(state)
    if not tellable(state, entry):
        return None
    return next(w for w in context.assess(portfolio_of(state)).workloads if w.name == entry["name"])


def _blockers(workload: WorkloadAssessment) -> list[str]:
    """Return the rules that rule out most options of other deployments."""
    others = [o for o in workload.options if not o.feasible and o.deployment != workload.verdict.deployment]
    counts = Counter(blocker.text for option in others for blocker in option.blockers)
    return [
        f"{count} other {'option is' if count == 1 else 'options are'} ruled out: {text[0].lower()}{text[1:]}"
        for text, count in counts.most_common(SPOKEN_BLOCKERS)
    ]
