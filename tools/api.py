"""The door for Python programs: the names that may be imported and stay. It computes nothing itself.

Everything here is pure: no file is read but the tables of this package, no clock, no network, no language model.
What is imported from elsewhere in these packages may move.
"""

from tools.assess import assess
from tools.assessment import (
    Assessment,
    AssumptionUsed,
    Blocker,
    BreakEven,
    CostLine,
    Finding,
    Flip,
    MoneyRange,
    NextQuestion,
    OptionResult,
    PortfolioAssessment,
    PortfolioPlan,
    Verdict,
    WorkloadAssessment,
    assessment_to_json,
)
from tools.errors import InvalidInput, UnknownName, WeighbridgeError
from tools.facts import Fact, FactSpec, Organization, Portfolio, Range, Workload, fact_dictionary
from tools.portfolio_file import portfolio_from_plain, portfolio_from_text, portfolio_notes, portfolio_to_plain
from tools.portfolio_schema import portfolio_schema
from tools.registry import list_tools, run_tool

__all__ = [
    "Assessment",
    "AssumptionUsed",
    "Blocker",
    "BreakEven",
    "CostLine",
    "Fact",
    "FactSpec",
    "Finding",
    "Flip",
    "InvalidInput",
    "MoneyRange",
    "NextQuestion",
    "OptionResult",
    "Organization",
    "Portfolio",
    "PortfolioAssessment",
    "PortfolioPlan",
    "Range",
    "UnknownName",
    "Verdict",
    "WeighbridgeError",
    "Workload",
    "WorkloadAssessment",
    "assess",
    "assessment_to_json",
    "fact_dictionary",
    "list_tools",
    "portfolio_from_plain",
    "portfolio_from_text",
    "portfolio_notes",
    "portfolio_schema",
    "portfolio_to_plain",
    "run_tool",
]
