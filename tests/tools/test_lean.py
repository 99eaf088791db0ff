"""An evaluation that leaves out what cannot be chosen chooses, in every draw, what the whole one chooses."""

from hypothesis import given, settings
from random_facts import TODAY, Plain, facts_from, organizations, workloads

from tools.draws import draw_facts
from tools.evaluate import Evaluation, evaluate_draws


@settings(max_examples=40, deadline=None)
@given(organizations, workloads)
def test_lean_chooses_alike(organization: Plain, workload: Plain) -> None:
    draws = draw_facts(facts_from(organization, workload), 48, 0)
    whole, lean = (evaluate_draws(draws, TODAY, lean=lean) for lean in (False, True))
    assert _chosen(whole) == _chosen(lean)


def _chosen(evaluation: Evaluation) -> list[tuple[str, str, str]]:
    """Return the winner of every draw by name: routers are numbered otherwise where fewer are put together."""
    named = [(option.deployment, option.model, option.provider) for option in evaluation.options]
    return [named[index] if index >= 0 else ("", "", "") for index in evaluation.winners.index]
