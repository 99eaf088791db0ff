"""Says in a few sentences why an option was chosen, with figures of the evaluation only."""

import numpy as np

from tools.assumptions import assumption
from tools.evaluate import Evaluation
from tools.gates import gates

_NAMES = {
    "proprietary_api": "a proprietary API",
    "private_api": "a proprietary model in your own cloud account",
    "tuned_api": "a vendor's tuning service",
    "hosted_open": "an open model behind a host's API",
    "self_hosted": "your own servers",
    "hybrid": "a router",
    "no_llm": "no language model",
}


def deployment_name(deployment: str) -> str:
    """Return the words for a deployment."""
    return _NAMES[deployment]


def reasons_for(evaluation: Evaluation, chosen: int, probability: float) -> tuple[str, ...]:
    """Return two to four sentences: what the gates left, what it costs against the next, how sure it is."""
    option = evaluation.options[chosen]
    sentences = [*_gate_sentences(evaluation, option.deployment)]
    rivals = _cost_sentence(evaluation, chosen)
    if rivals:
        sentences.append(rivals)
    if option.is_open and option.licence is not None:
        sentences.append(_licence_sentence(evaluation, chosen, option.model.rsplit("/", 1)[-1], option.licence.name))
    name = deployment_name(option.deployment)
    sentences.append(
        f"Over the facts still open, {name} came out best in {probability:.0%} of the cases."
        if probability < 1
        else f"In every case calculated, {name} came out best."
    )
    return tuple(sentences)


def _licence_sentence(evaluation: Evaluation, chosen: int, model: str, licence: str) -> str:
    if np.any(evaluation.blocked["licence"][chosen]):
        return f"{model} is under the {licence}; whether that allows this use hangs on what is still open."
    return f"Nothing in the {licence}, the licence of {model}, stands in the way of this use."


def _gate_sentences(evaluation: Evaluation, deployment: str) -> list[str]:
    """Name the hard gates that rule every other deployment out in all draws."""
    others = np.array([option.deployment != deployment for option in evaluation.options])
    external = np.array([option.is_external for option in evaluation.options])
    sentences = []
    for gate in gates():
        mask = evaluation.blocked[gate.rule]
        whole = external if deployment == "self_hosted" else others
        if gate.hard and np.any(whole) and bool(mask[whole].all()):
            sentences.append(gate.text)
        if not gate.hard and deployment != "self_hosted" and bool(mask[~external].all()):
            sentences.append(f"Own servers: {gate.text[0].lower()}{gate.text[1:]}")
    return sentences


def cheapest_rival(evaluation: Evaluation, chosen: int) -> int | None:
    """Return the cheapest option of another deployment that passes the gates in most draws."""
    mine = evaluation.options[chosen].deployment
    others = np.array([option.deployment != mine for option in evaluation.options])
    candidates = np.flatnonzero(evaluation.mostly_allowed & others & np.isfinite(evaluation.mean_usd))
    return int(candidates[np.argmin(evaluation.mean_usd[candidates])]) if len(candidates) else None


def _cost_sentence(evaluation: Evaluation, chosen: int) -> str:
    """Compare with the cheapest passing option of another deployment."""
    rival = cheapest_rival(evaluation, chosen)
    if rival is None:
        return ""
    other, means = evaluation.options[rival], evaluation.mean_usd
    name = f"{deployment_name(other.deployment)} ({other.model.rsplit('/', 1)[-1]})"
    if means[rival] >= means[chosen]:
        return (
            f"It costs about ${means[chosen]:,.0f} a month; the cheapest alternative of another kind, {name}, "
            f"about ${means[rival]:,.0f}."
        )
    band = assumption("close_call_band").number
    return (
        f"It costs about ${means[chosen]:,.0f} a month, more than {name} at about ${means[rival]:,.0f} on average "
        f"over what is still open; within {band:.0%} of the cheapest, control, capability and vendor risk decide."
    )
