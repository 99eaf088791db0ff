"""The door for Python programs keeps its names, and what it names is explained."""

import inspect

from tools import api

# A name that programs use: taking one away breaks them, so this list only grows.
PROMISED = """
    Assessment AssumptionUsed Blocker BreakEven CostLine Fact FactSpec Finding Flip InvalidInput MoneyRange
    NextQuestion OptionResult Organization Portfolio PortfolioAssessment PortfolioPlan Range UnknownName Verdict
    WeighbridgeError Workload WorkloadAssessment assess assessment_to_json fact_dictionary list_tools
    portfolio_from_plain portfolio_from_text portfolio_notes portfolio_schema portfolio_to_plain run_tool
"""


def test_no_promised_name_is_gone_and_every_one_is_explained() -> None:
    assert set(PROMISED.split()) <= set(api.__all__)
    for name in api.__all__:
        assert inspect.getdoc(getattr(api, name)), name


def test_the_arguments_of_the_functions_stay() -> None:
    assert list(inspect.signature(api.assess).parameters) == ["portfolio", "as_of", "draws", "seed", "with_flips"]
    assert list(inspect.signature(api.run_tool).parameters) == ["name", "args", "as_of"]
    assert list(inspect.signature(api.portfolio_from_text).parameters) == ["text", "name"]
    assert list(inspect.signature(api.portfolio_from_plain).parameters) == ["raw", "where"]


def test_a_portfolio_of_values_needs_no_file() -> None:
    facts = {"task": "classification", "requests_per_day": 40000.0, "external_api": "forbidden"}
    workload = api.Workload("Tickets", {key: api.Fact(key, value, state="imported") for key, value in facts.items()})
    portfolio = api.Portfolio(api.Organization(), (workload,))
    assert api.portfolio_from_plain(api.portfolio_to_plain(portfolio), "again") == portfolio
