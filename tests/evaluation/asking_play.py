"""Plays interviews on the engine alone: a question, the person's answer, the verdict. It reads and words nothing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from tests.evaluation.asking_people import Person
from tools.asking import shared_question
from tools.assumptions import assumption
from tools.draws import draw_facts
from tools.evaluate import Evaluation, evaluate_draws
from tools.facts import fact_dictionary
from tools.questions import rank_questions
from tools.verdict import choose_option

TODAY = date(2026, 11, 22)
DRAWS, SEED = 512, 0
_SAME_STEPS = 0.1  # steps of capability on average that a defensible choice may lack more than the best

# Chooses the facts that the next question is about from what is known and what was asked; none ends the interview.
Policy = Callable[["Known", frozenset[str]], tuple[str, ...]]


@dataclass(eq=False)
class Known:
    """What has been heard of a person, and the evaluation of it, computed once."""

    person: Person
    keys: frozenset[str]
    _evaluation: Evaluation | None = field(default=None, init=False)

    @property
    def evaluation(self) -> Evaluation:
        """Return the evaluation of what is known; own servers that cannot win are left out of it."""
        if self._evaluation is None:
            draws = draw_facts(self.person.known(set(self.keys)), DRAWS, SEED)
            self._evaluation = evaluate_draws(draws, TODAY, lean=True)
        return self._evaluation

    @property
    def deployment(self) -> str:
        """Return where the workload should run by what is known."""
        chosen = choose_option(self.evaluation)
        return "no_llm" if chosen is None else self.evaluation.options[chosen].deployment


@dataclass(frozen=True, slots=True)
class Played:
    """One interview. `heard` is what was known before the first question and after each."""

    person: Person
    questions: tuple[tuple[str, ...], ...]
    deployment: str
    wanted: str
    defensible: bool
    until_right: int | None

    @property
    def right(self) -> bool:
        """Say whether the interview ended with the verdict of full information."""
        return self.deployment == self.wanted


def by_probability(known: Known, asked: frozenset[str]) -> tuple[str, ...]:
    """Ask as the product does."""
    wanted = [question.fact for question in rank_questions(known.evaluation) if question.fact not in asked]
    if not wanted:
        return ()
    shared = shared_question(wanted[0], set(wanted))
    return (wanted[0], *(key for key in shared.facts if key != wanted[0])) if shared else (wanted[0],)


def in_order(keys: Iterable[str]) -> Policy:
    """Ask for everything, in a given order."""
    order = tuple(keys)
    return lambda known, asked: next(((key,) for key in order if key not in asked), ())


def file_order() -> Policy:
    """Ask for everything in the order of the dictionary."""
    return in_order(fact_dictionary())


def random_order(seed: int) -> Policy:
    """Ask for everything in an order drawn once."""
    return in_order(np.random.default_rng(seed).permutation(list(fact_dictionary())).tolist())


def play(person: Person, policy: Policy, most: int) -> Played:
    """Interview a person until the policy has nothing to ask.

    Of related facts in one question the person tells what is known; what was left out may be asked for again.
    """
    heard = [Known(person, frozenset(person.opening))]
    asked: frozenset[str] = heard[0].keys
    questions: list[tuple[str, ...]] = []
    while len(questions) < most and (keys := policy(heard[-1], asked)):
        questions.append(keys)
        told = frozenset(keys) & person.facts.keys()
        asked |= told | {keys[0]} if told else frozenset(keys)
        learnt = heard[-1].keys | told
        heard.append(heard[-1] if learnt == heard[-1].keys else Known(person, learnt))
    full = Known(person, frozenset(person.facts))
    end = heard[-1]
    return Played(
        person,
        tuple(questions),
        end.deployment,
        full.deployment,
        _defensible(end.deployment, full),
        _settled(heard, full),
    )


def _settled(heard: list[Known], full: Known) -> int | None:
    """Return after how many questions the verdict equals that of full information for good; None where it never does.

    The last states are looked at first, so a long interview is not evaluated in whole.
    """
    if heard[-1].deployment != full.deployment:
        return None
    settled = len(heard) - 1
    while settled > 0 and heard[settled - 1].deployment == full.deployment:
        settled -= 1
    return settled


def _defensible(deployment: str, full: Known) -> bool:
    """Say whether a deployment has an option that passes, is as able as the best and costs hardly more."""
    evaluation, chosen = full.evaluation, choose_option(full.evaluation)
    if chosen is None or deployment == full.deployment:
        return deployment == full.deployment
    steps = evaluation.steps.mean(axis=1)
    passing = evaluation.mostly_allowed & (steps <= steps[chosen] + _SAME_STEPS)
    near = evaluation.mean_usd <= evaluation.mean_usd[chosen] * (1 + assumption("close_call_band").number)
    return any(evaluation.options[i].deployment == deployment for i in np.flatnonzero(passing & near))
