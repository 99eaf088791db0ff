"""A small report made by hand, with every part filled and hostile text in it: renderers are tested on it alone."""

from datetime import date

from tools.assessment import (
    Assessment,
    AssumptionUsed,
    Blocker,
    BreakEven,
    CostLine,
    Fallback,
    Finding,
    Flip,
    MoneyRange,
    NextQuestion,
    OptionResult,
    PortfolioAssessment,
    VendorShare,
    Verdict,
    WorkloadAssessment,
)
from tools.data_check import TableSummary
from tools.facts import Fact, Organization, Portfolio, Range, Workload
from tools.report import Citation, Report, SentOut, Utterance
from tools.report_basis import Basis, DateToCheck, Duty, Evidence, TestScore, WorkloadBasis

DAY = date(2026, 11, 22)
HOSTILE = "<script>alert(1)</script> **bold** [x](http://evil.example) | # no `code`\n# Heading\n- item\n1. one"

_STAYS = Blocker("data_may_not_leave", "The data may not go out.", ("external_api",), "stated by the user")
_SMALL = Blocker("capability", "This model is below what the task needs.", (), "tools/data/open_models.yaml (tier)")


def sample_report() -> Report:
    """Return the report of two workloads: one decided, one for which nothing passes."""
    return Report(
        title="Tickets & more",
        as_of=DAY,
        portfolio=_portfolio(),
        assessment=Assessment(DAY, (_tickets(), _vault()), _whole()),
        transcript=(
            Utterance("assistant", "Hello! What should the model do?"),
            Utterance("user", HOSTILE),
            Utterance(
                "assistant",
                "No. [1]",
                (Citation("llama-1", "The Llama licence", "Llama is not open source.", "guidance/llama-licence.md"),),
            ),
        ),
        sent_out=(
            SentOut("2026-11-22T10:00:00+00:00", "Anthropic", "claude-x", "Facts:\n```\n40,000 a day\n```", "I agree."),
        ),
        data_notes=("Two prices are from memory.",),
        basis=_basis(),
    )


def _basis() -> Basis:
    score = TestScore("A test of labels", 81.5, date(2026, 3, 1), "independent", "a benchmark's page [secondary]")
    return Basis(
        weighbridge="0.0.0",
        prices="genai-prices 0.0.0",
        tables=(TableSummary("open_models.yaml", 50, date(2026, 11, 1), 3),),
        dates=(
            DateToCheck(date(2027, 1, 3), "data", "The token prices grow too old to decide on.", "data_check.yaml"),
        ),
        workloads=(
            WorkloadBasis(
                dates=(DateToCheck(date(2026, 12, 24), "retirement", "The model retires at Host.", "retirements"),),
                evidence=(
                    Evidence(
                        "Qwen/Qwen3-8B",
                        "recommended",
                        "classification",
                        1.1,
                        0.7,
                        1.5,
                        -0.3,
                        "measured",
                        "measured 2026-03 on a test of labels",
                        "secondary",
                        (score,),
                    ),
                ),
                duties=(
                    Duty("Qwen/Qwen3-8B", "recommended", "Apache License 2.0", "duty", "4", "keep notices", "the text"),
                ),
            ),
            WorkloadBasis(),
        ),
    )


def _portfolio() -> Portfolio:
    facts = (
        Fact("task", "classification", "each one labelled"),
        Fact("requests_per_day", Range(30000.0, 40000.0), "30 to 40k tickets | a day", "confirmed"),
        Fact("external_api", "forbidden", "<b>nothing</b> may leave"),
    )
    return Portfolio(
        Organization({"platform_team": Fact("platform_team", "in_place", "", "imported")}),
        (
            Workload("Tickets <i>now</i>", {fact.key: fact for fact in facts}),
            Workload("Vault", {}),
        ),
    )


def _tickets() -> WorkloadAssessment:
    lines = (
        CostLine("L4, rented", 1460.0, "accelerator hours", 0.7, 1022.0, "list price [secondary]"),
        CostLine("engineers who run the service", 1.0, "full-time engineers", 11667.0, 11667.0, "our judgement"),
        CostLine("egress", 12.0, "GB", None, None, "no price found"),
    )
    own = OptionResult(
        "self_hosted", "Qwen/Qwen3-8B", "own servers", "2 x L4", True, (),
        MoneyRange(9000.0, 12689.0, 17000.0), lines, 0.8,
    )  # fmt: skip
    other = OptionResult(
        "self_hosted", "mistralai/Ministral-8B", "own servers", "2 x L4", True, (),
        MoneyRange(9100.0, 12800.5, 17100.0), lines, 0.2,
    )  # fmt: skip
    api = OptionResult(
        "proprietary_api", "gpt-x", "OpenAI", "", False, (_STAYS,), MoneyRange(400.0, 512.25, 700.0), lines[:1]
    )
    host = OptionResult("hosted_open", "tiny", "Host", "", False, (_STAYS, _SMALL), None, ())
    return WorkloadAssessment(
        name="Tickets <i>now</i>",
        verdict=Verdict(
            "self_hosted", "Qwen/Qwen3-8B", "own servers", "2 x L4", "clear", 0.97, own.monthly_usd,
            Fallback("self_hosted", "mistralai/Ministral-8B", "mistral"), ("Only own servers are left.",),
        ),
        options=(own, other, api, host),
        break_even=BreakEven(1.2e9, "own servers cost as much at 1,200 million tokens a month", "gpt-x (OpenAI)"),
        flips=(Flip("external_api", "forbidden", "allowed", "proprietary_api"),),
        findings=(
            Finding("operations", "critical", "people", "People cost more than hardware.", "our judgement"),
            Finding("licence", "info", "licence_allowed", "Apache License 2.0: allowed.", "tools/data/licences.yaml"),
        ),
        assumptions=(
            AssumptionUsed("annual_revenue", "1e+06 to 5e+08, usually 2e+07 (USD per year)", "a mid-sized company"),
            AssumptionUsed("air_gapped", "false", "air gaps are rare"),
        ),
        questions=(NextQuestion("difficulty", 0.15),),
        tokens_per_month=4.41e8,
    )  # fmt: skip


def _vault() -> WorkloadAssessment:
    api = OptionResult("proprietary_api", "gpt-x", "OpenAI", "", False, (_STAYS,), MoneyRange(1.0, 2.5, 4.0), ())
    return WorkloadAssessment(
        name="Vault",
        verdict=Verdict("no_llm", "", "", "", "undetermined", 0.0, None, None, ("No option passes.",)),
        options=(api,),
        break_even=BreakEven(None, "never: no own server passes", ""),
        flips=(),
        findings=(),
        assumptions=(AssumptionUsed("air_gapped", "false", "air gaps are rare"),),
        questions=(),
        tokens_per_month=1e6,
    )


def _whole() -> PortfolioAssessment:
    return PortfolioAssessment(
        monthly_usd=MoneyRange(9000.0, 12689.0, 17000.0),
        shared_costs=(CostLine("platform team", 1.0, "full-time engineers", 11667.0, 11667.0, "our judgement"),),
        vendors=(VendorShare("own servers", 1.0),),
        availability=0.9995,
        findings=(Finding("vendor_risk", "warning", "concentration", "All with one vendor.", "rule S4"),),
    )
