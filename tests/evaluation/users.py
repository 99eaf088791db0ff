"""The scripted users: what each knows, and what they say when asked. It talks to nobody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from tools.assess import assess
from tools.assessment import OptionResult, WorkloadAssessment
from tools.assumptions import assumption
from tools.facts import Fact, FactValue, Organization, Portfolio, Workload, check_value, spec_of

USERS = Path(__file__).parents[1] / "conversations" / "users.yaml"
DO_NOT_KNOW = "I don't know"


@dataclass(frozen=True, slots=True)
class User:
    """A person with a workload: gold facts, the first message, an answer per fact, a question of their own."""

    name: str
    facts: Mapping[str, FactValue]
    opening: str
    replies: Mapping[str, str]
    aside: str

    def reply(self, fact: str | None) -> str:
        """Return what the person says when asked for a fact; an open question is about what the job is."""
        return self.replies.get(fact or "task", DO_NOT_KNOW)


def load_users(path: Path = USERS) -> tuple[User, ...]:
    """Read the scripted users and check their facts."""
    return tuple(_user(entry) for entry in yaml.safe_load(path.read_text(encoding="utf-8")))


def _user(entry: Mapping[str, Any]) -> User:
    facts = {key: check_value(spec_of(key), value, entry["name"]) for key, value in entry["facts"].items()}
    return User(entry["name"], facts, entry["opening"], entry["replies"], entry["aside"])


def assess_in_full(user: User, day: date) -> WorkloadAssessment:
    """Assess the workload with everything that the person knows."""
    scopes: dict[str, dict[str, Fact]] = {"organization": {}, "workload": {}}
    for key, value in user.facts.items():
        scopes[spec_of(key).scope][key] = Fact(key, value)
    workload = Workload(user.name, scopes["workload"])
    return assess(Portfolio(Organization(scopes["organization"]), (workload,)), day).workloads[0]


def judge(deployment: str, full: WorkloadAssessment) -> str:
    """Say how a verdict stands against that on full information: right, defensible or wrong.

    Defensible is another deployment with a feasible option that costs as much, within the close-call band.
    """
    if deployment == full.verdict.deployment:
        return "right"
    chosen = full.verdict.monthly_usd
    band = 1 + assumption("close_call_band").number
    costs = [_expected(option) for option in full.options if option.feasible and option.deployment == deployment]
    if chosen is None:
        return "defensible" if costs else "wrong"
    return "defensible" if any(chosen.expected / band <= cost <= chosen.expected * band for cost in costs) else "wrong"


def _expected(option: OptionResult) -> float:
    return option.monthly_usd.expected if option.monthly_usd else float("inf")
