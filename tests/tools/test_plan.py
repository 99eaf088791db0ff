"""The plan for several workloads: odd workloads do not stop it, and it is never dearer than deciding one by one."""

from datetime import date

import pytest

from tools.assess import assess
from tools.assessment import Assessment
from tools.portfolio_file import portfolio_from_text

# A background job that no number of servers answers in time in some draws, beside one that goes out and one that
# stays; with the last, the cheapest option that passes most often is dearer than the one that is recommended.
_ODD = """
organization: {platform_team: none, platform_engineers: 20, company_region: eu}
workloads:
- name: In an instant
  facts: {task: extraction, difficulty: frontier, requests_per_day: 100000, external_api: with_safeguards,
          first_token_seconds: 0.05, interaction: background}
- name: Sort
  facts: {task: summarization, difficulty: moderate, requests_per_day: 1000, external_api: forbidden}
- name: Chat with millions
  facts: {task: chatbot, difficulty: frontier, requests_per_day: 5000000, external_api: with_safeguards}
"""


@pytest.fixture(scope="module")
def odd() -> Assessment:
    return assess(portfolio_from_text(_ODD, "odd.yaml"), date(2026, 11, 22), draws=128)


def test_servers_that_are_too_slow_in_some_draws_do_not_stop_the_plan(odd: Assessment) -> None:
    assert odd.portfolio.monthly_usd is not None


def test_the_plan_has_what_each_workload_would_take_alone(odd: Assessment) -> None:
    plan = odd.portfolio.plan
    assert plan is not None, "one odd workload kept two others from sharing a team"
    assert plan.saved_usd > 1000
    assert {planned.name for planned in plan.workloads} == {workload.name for workload in odd.workloads}
