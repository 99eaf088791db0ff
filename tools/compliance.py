"""Which regulations a vendor is on record for, and what has to be signed. It knows no option and no price.

Three kinds of regulation are told apart, after the law behind each (`tools/data/regimes.yaml`):

- The provider must be on record itself: HIPAA (business associate), GDPR (processor), PCI DSS (third-party service
  provider), FedRAMP (authorization), ITAR (access by US persons only). Not on record is a gap, and unknown is not on
  record; a commercial endpoint has no ITAR terms, even where the same company runs a government cloud.
- The provider must show some safeguards: GLBA. It prescribes no certificate, but a provider of whom neither a report
  nor an agreement is known cannot be chosen for its safeguards.
- The duty is the user's own: SOC 2 (a report on the user's controls) and the EU AI Act's high-risk class (duties of
  whoever places the system on the market or uses it). These never rule a provider out; findings name what is to do.
"""

from collections.abc import Iterable
from datetime import date

from tools.catalogue.regimes import DutyDate, ai_act_dates, regimes
from tools.catalogue.vendors import Vendor

_SAFEGUARDS = ("gdpr", "hipaa", "soc2")
_RESIDENCY = "residency"


def regime_gaps(vendor: Vendor | None) -> frozenset[str]:
    """Return the values of the fact `regulations` that need this provider on record and for which it is not."""
    return frozenset(regime.id for regime in regimes().values() if _lacks(vendor, regime.id, regime.on_provider))


def _lacks(vendor: Vendor | None, regime: str, on_provider: str) -> bool:
    if on_provider == "record":
        return vendor is None or vendor.meets(regime) is not True
    return on_provider == "safeguards" and not safeguards_on_record(vendor)


def safeguards_on_record(vendor: Vendor | None) -> bool:
    """Say whether an agreement on data (GDPR, HIPAA) or an audit report (SOC 2) of the vendor is on record."""
    return vendor is not None and any(vendor.meets(regime) is True for regime in _SAFEGUARDS)


def conditions(vendor: Vendor | None, regulations: Iterable[str]) -> tuple[str, ...]:
    """Return what has to be signed or switched on with an outside provider, one entry per regulation, in their order.

    The vendor's own terms come first; where they are not on record, what the regulation asks for in general. A
    regulation that puts no duty on the provider's side ('none', an unknown value) adds nothing. `residency` may be
    given among the regulations for what holds requests to a region.
    """
    found = [text for regulation in regulations if (text := _condition(vendor, regulation))]
    return tuple(dict.fromkeys(found))


def _condition(vendor: Vendor | None, regulation: str) -> str:
    own = vendor.conditions.get(regulation, "") if vendor else ""
    regime = regimes().get(regulation)
    if regime is None:
        return own if regulation == _RESIDENCY else ""
    own = f"{own} (from memory)" if own and vendor and vendor.from_memory(f"conditions.{regulation}") else own
    return f"{regime.name}: {own or regime.sign}"


def from_memory(vendor: Vendor, regulations: Iterable[str]) -> tuple[str, ...]:
    """Return those of the regulations for which the vendor is on record only from memory."""
    return tuple(r for r in regulations if vendor.meets(r) is True and vendor.from_memory(f"regimes.{r}"))


def high_risk_duties() -> tuple[str, ...]:
    """Return the checklist of duties for a high-risk system under the EU AI Act, each with its article."""
    return regimes()["eu_ai_act_high_risk"].yours


def high_risk_dates(on: date) -> tuple[DutyDate, ...]:
    """Return when high-risk duties of the EU AI Act begin that have not begun on a date, and those that have."""
    return tuple(sorted((entry for entry in ai_act_dates() if entry.high_risk), key=lambda entry: entry.since < on))
