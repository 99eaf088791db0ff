"""Decides a portfolio from Python: a file in, verdicts, money and the next question out."""

from datetime import date
from pathlib import Path

from tools.api import Assessment, InvalidInput, assess, fact_dictionary, portfolio_from_plain, portfolio_from_text

DAY = date(2026, 11, 22)


def main() -> None:
    file = Path("examples/portfolio.yaml")
    portfolio = portfolio_from_text(file.read_text(encoding="utf-8"), str(file))
    show(assess(portfolio, DAY))
    try:
        portfolio_from_plain({"workloads": [{"name": "A", "facts": {"difficulty": "hard"}}]}, "from my form")
    except InvalidInput as error:
        print(f"\n{error}")


def show(assessment: Assessment) -> None:
    for workload in assessment.workloads:
        verdict = workload.verdict
        print(f"{workload.name}: {verdict.deployment}, {verdict.model} ({verdict.clarity}, {verdict.probability:.0%})")
        if verdict.monthly_usd is not None:
            low, high = verdict.monthly_usd.low, verdict.monthly_usd.high
            print(f"  {low:,.0f} to {high:,.0f} USD a month")
        if workload.next_question is not None:
            print(f"  ask: {fact_dictionary()[workload.next_question.fact].question}")


main()
