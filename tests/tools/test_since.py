"""What changed since a saved assessment, and why: one small assessment made by hand, altered one thing at a time."""

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from tools.assess import assess
from tools.assessment import assessment_to_json, to_plain
from tools.data_versions import data_versions, table_digests
from tools.errors import InvalidInput
from tools.portfolio_file import portfolio_from_plain, portfolio_to_plain
from tools.since import Changes, compare
from tools.since_text import changes_text

Json = dict[str, Any]


def _option(model: str, provider: str, price: float, blockers: tuple[str, ...] = ()) -> Json:
    lines = [
        {"name": "input tokens", "quantity": 400.0, "unit": "million tokens", "unit_price_usd": price,
         "amount_usd": 400 * price, "source": "list"},
        {"name": "people", "quantity": 0.1, "unit": "engineers", "unit_price_usd": 12000.0, "amount_usd": 1200.0,
         "source": "judgement"},
    ]  # fmt: skip
    total = 400 * price + 1200
    return {
        "deployment": "proprietary_api", "model": model, "provider": provider, "hardware": "",
        "feasible": not blockers, "monthly_usd": {"low": total, "expected": total, "high": total},
        "blockers": [{"rule": rule, "text": f"{rule} forbids it.", "facts": [], "source": "s"} for rule in blockers],
        "cost_lines": lines, "share_of_draws": 1.0,
    }  # fmt: skip


def _saved() -> Json:
    options = [_option("alpha", "A", 0.1), _option("beta", "B", 0.2), _option("gamma", "C", 0.05, ("licence",))]
    workload = {
        "name": "Tickets", "options": options, "assumptions": [{"fact": "peak_factor", "value": "3", "why": "usual"}],
        "findings": [{"axis": "licence", "severity": "info", "rule": "licence", "text": "allowed", "source": "s"}],
        "verdict": {"deployment": "proprietary_api", "model": "alpha", "provider": "A", "hardware": "",
                    "clarity": "clear", "monthly_usd": options[0]["monthly_usd"]},
    }  # fmt: skip
    return {
        "as_of": "2026-11-22",
        "workloads": [workload],
        "portfolio": {"monthly_usd": options[0]["monthly_usd"]},
        "inputs": {
            "organization": {"sector": "software"},
            "workloads": [{"name": "Tickets", "facts": {"task": "agent"}}],
        },
        "data": {"prices": "p 1", "weighbridge": "1", "tables": {"hosts.yaml": "a1"}, "assumed": {"days": 30.44}},
    }


def _choose(new: Json, index: int) -> None:
    workload = new["workloads"][0]
    option = workload["options"][index]
    for key in ("model", "provider", "monthly_usd"):
        workload["verdict"][key] = option[key]


def _dearer(new: Json) -> None:
    new["workloads"][0]["options"][0] = _option("alpha", "A", 0.15)
    _choose(new, 0)


def _retired(new: Json) -> None:
    del new["workloads"][0]["options"][0]
    _choose(new, 0)


def _licensed(new: Json) -> None:
    new["workloads"][0]["options"][2] = _option("gamma", "C", 0.05)
    _choose(new, 2)


def _barred(new: Json) -> None:
    new["workloads"][0]["options"][0] = _option("alpha", "A", 0.1, ("residency",))
    _choose(new, 1)


def _newcomer(new: Json) -> None:
    new["workloads"][0]["options"].append(_option("delta", "D", 0.01))
    _choose(new, 3)


def _stated(new: Json) -> None:
    new["inputs"]["workloads"][0]["facts"]["requests_per_day"] = [5, 40000]
    new["inputs"]["organization"]["sector"] = "finance"


def _own_figure(new: Json) -> None:
    new["inputs"]["assumptions"] = {"days": 31}


def _new_data(new: Json) -> None:
    new["data"] = {
        "prices": "p 2",
        "weighbridge": "1",
        "tables": {"hosts.yaml": "b2", "x.csv": "c"},
        "assumed": {"days": 31},
    }


def _finding(new: Json) -> None:
    new["workloads"][0]["findings"] = [
        {"axis": "licence", "severity": "info", "rule": "licence", "text": "allowed with duties", "source": "s"},
        {"axis": "vendor_risk", "severity": "warning", "rule": "retires", "text": "It retires.", "source": "s"},
    ]


def _unexplained(new: Json) -> None:
    _choose(new, 1)


def _compare(alter: Callable[[Json], None]) -> Changes:
    new = deepcopy(_saved())
    new["as_of"] = "2027-02-01"
    alter(new)
    return compare(_saved(), new, "old.json")


@pytest.mark.parametrize(
    ("alter", "status", "kinds", "words"),
    [
        (lambda new: None, "same", [], ["still alpha (A); $1,240 a month as before"]),
        (_dearer, "same", ["price"], ["$20 a month dearer: $1,240 then, $1,260 now",
                                      "input tokens: rose from 0.1 to 0.15 (+50%) USD per million tokens",
                                      "(+$20 a month)"]),
        (_retired, "changed", ["retired"], ["moves from alpha (A) to beta (B)", "alpha (A): no longer on offer"]),
        (_licensed, "changed", ["licence"], ["to gamma (C)", "gamma (C) was ruled out then: licence forbids it."]),
        (_barred, "changed", ["gate"], ["alpha (A) is now ruled out: residency forbids it."]),
        (_newcomer, "changed", ["new_option"], ["delta (D) was not on offer then", "newly on offer: delta (D)"]),
        (_stated, "same", ["fact"], ["requests_per_day: not stated then, [5, 40,000] now",
                                     "sector: software then, finance now"]),
        (_own_figure, "same", [], ["your own days: not stated then, 31 now"]),
        (_new_data, "same", [], ["token prices: p 1 then, p 2 now", "days: 30.44 then, 31 now",
                                 "changed tables: hosts.yaml, x.csv"]),
        (_finding, "same", ["licence", "licence", "finding"],
         ["licence, no longer: allowed", "licence, now: allowed with duties", "new: It retires."]),
        (_unexplained, "changed", ["unexplained"], ["nothing that is recorded explains it"]),
    ],
)  # fmt: skip
def test_each_cause_is_told(alter: Callable[[Json], None], status: str, kinds: list[str], words: list[str]) -> None:
    changes = _compare(alter)
    (workload,) = changes.workloads
    assert (workload.status, [cause.kind for cause in workload.causes]) == (status, kinds)
    text = changes_text(changes)
    assert "from 2026-11-22 to 2027-02-01" in text
    for part in words:
        assert part in text
    json.dumps(to_plain(changes), allow_nan=False)


def test_workloads_come_and_go() -> None:
    def renamed(new: Json) -> None:
        new["workloads"][0]["name"] = "Mails"

    changes = _compare(renamed)
    assert [(w.name, w.status) for w in changes.workloads] == [("Mails", "added"), ("Tickets", "removed")]
    assert "Mails: new in the file" in changes_text(changes)
    assert "Tickets: no longer in the file" in changes_text(changes)


def test_what_was_not_recorded_is_said() -> None:
    old = {key: value for key, value in _saved().items() if key not in ("inputs", "data")}
    changes = compare(old, _saved())
    assert len(changes.unrecorded) == 2
    assert "does not record its facts" in changes_text(changes)
    assert changes.workloads[0].causes == ()


def _drop(*path: Any) -> Json:
    broken = _saved()
    inner: Any = broken
    for key in path[:-1]:
        inner = inner[key]
    del inner[path[-1]]
    return broken


@pytest.mark.parametrize(
    ("old", "part"),
    [
        ([], "no saved assessment"),
        ({"a": 1}, "'as_of' is missing"),
        ({**_saved(), "as_of": "soon"}, "soon"),
        ({**_saved(), "workloads": 3}, "not iterable"),
        ({**_saved(), "portfolio": None}, "no saved assessment"),
        (_drop("workloads", 0, "verdict"), "'verdict' is missing"),
        (_drop("workloads", 0, "options", 0, "cost_lines", 0, "quantity"), "'quantity' is missing"),
    ],
)
def test_a_foreign_file_is_refused_with_its_name(old: object, part: str) -> None:
    with pytest.raises(InvalidInput, match=r"^old\.json: .*weighbridge assess FILE --json") as caught:
        compare(old, _saved(), "old.json")
    assert part in str(caught.value)


@pytest.fixture(scope="module")
def real() -> Json:
    """A real assessment of two workloads, as the command line prints it."""
    raw = {
        "organization": {"platform_team": "none"},
        "workloads": [
            {"name": "Chat", "facts": {"task": "chatbot", "requests_per_day": 3000, "external_api": "allowed"}},
            {"name": "Labels", "facts": {"task": "classification", "requests_per_day": 900, "external_api": "allowed"}},
        ],
    }
    portfolio = portfolio_from_plain(raw, "test")
    plain = assessment_to_json(assess(portfolio, date(2026, 11, 22), draws=64))
    return {**plain, "inputs": portfolio_to_plain(portfolio), "data": data_versions()}


def test_a_real_assessment_does_not_differ_from_itself(real: Json) -> None:
    changes = compare(json.loads(json.dumps(real)), real)
    assert changes.shared == ()
    assert changes.unrecorded == ()
    assert [(w.status, w.causes) for w in changes.workloads] == [("same", ()), ("same", ())]


def test_a_real_price_change_is_the_cause(real: Json) -> None:
    old = json.loads(json.dumps(real))
    verdict = old["workloads"][0]["verdict"]
    chosen = next(
        option
        for option in old["workloads"][0]["options"]
        if all(option[key] == verdict[key] for key in ("deployment", "model", "provider"))
    )
    line = next(line for line in chosen["cost_lines"] if line["name"].startswith("input tokens"))
    line["unit_price_usd"], line["amount_usd"] = line["unit_price_usd"] / 2, line["amount_usd"] / 2
    first, second = compare(old, real).workloads
    assert [cause.kind for cause in first.causes] == ["price"]
    assert first.causes[0].monthly_usd == pytest.approx(line["amount_usd"])
    assert second.causes == ()


def test_a_report_in_json_can_be_compared_too(real: Json) -> None:
    report = {"portfolio": real["inputs"], "prices": real["data"]["prices"], "assessment": real}
    assert [w.status for w in compare(report, real).workloads] == ["same", "same"]


def test_every_table_has_a_digest() -> None:
    assert {"hosts.yaml", "assumptions.yaml", "licences.yaml"} <= set(table_digests())
    assert all(len(digest) == 12 for digest in table_digests().values())
