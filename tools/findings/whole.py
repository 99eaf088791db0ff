"""Findings on all workloads together: how much rests on how few vendors, and what their uptimes come to.

It knows amounts and names only; what each workload decided is not its business.
"""

from collections.abc import Mapping, Sequence

from tools.assessment import Finding
from tools.availability import availability, downtime_minutes
from tools.findings.situation import finding
from tools.findings.thresholds import limit
from tools.vendor_risk import Concentration, concentration, vendor_named

OWN_SERVERS = "own servers"


def vendor_concentration(usd_by_provider: Mapping[str, float]) -> Concentration | None:
    """Return how concentrated the bill is over outside providers and own servers; None where there is no bill."""
    return concentration(usd_by_provider) if sum(usd_by_provider.values()) > 0 else None


def whole_findings(
    usd_by_provider: Mapping[str, float], providers: Sequence[str], critical: Sequence[str]
) -> tuple[Finding, ...]:
    """Return what must be known of the vendors of a portfolio.

    Args:
        usd_by_provider: US dollars a month by provider, own servers under 'own servers'.
        providers: the provider of each workload; a router counts with each of its parts.
        critical: the providers of the workloads stated to be mission-critical, one entry per workload and provider.
    """
    return (*_concentrated(usd_by_provider, len(providers)), *_shared_fate(critical), *_chain(providers))


def _concentrated(usd_by_provider: Mapping[str, float], workloads: int) -> list[Finding]:
    found = vendor_concentration(usd_by_provider)
    share = limit("concentration")
    outside = {name: part for name, part in (found.shares if found else {}).items() if name != OWN_SERVERS}
    if found is None or workloads < 2 or not outside:
        return []
    largest = max(outside, key=lambda name: outside[name])
    if outside[largest] < share.value:
        return []
    text = (
        f"{outside[largest]:.0%} of the monthly bill goes to {largest} (Herfindahl index {found.hhi:.2f}, as "
        f"concentrated as {found.equal_vendors:.1f} equal vendors): one price list, one account and one outage for "
        "most of your work. Keep the fall-backs with others."
    )
    return [finding("vendor_risk", "warning", "concentration", text, f"decision material S4; {share.cited}")]


def _shared_fate(critical: Sequence[str]) -> list[Finding]:
    """Name each outside provider on which several mission-critical workloads rest."""
    counts = {name: critical.count(name) for name in dict.fromkeys(critical) if name != OWN_SERVERS}
    return [
        finding(
            "vendor_risk", "warning", "shared_fate",
            f"{count} mission-critical workloads rest on {name} and would fail in the same hour. Test their fall-backs "
            "together, and not one by one.",
            "decision material A4, F4",
        )
        for name, count in counts.items()
        if count > 1
    ]  # fmt: skip


def _chain(providers: Sequence[str]) -> list[Finding]:
    """Say what the promised uptimes come to where all vendors are needed at once, and who promises none."""
    vendors = [vendor for name in dict.fromkeys(providers) if (vendor := vendor_named(name)) is not None]
    silent = [vendor.name for vendor in vendors if vendor.uptime is None]
    promised = [vendor.uptime for vendor in vendors if vendor.uptime is not None]
    source = "; ".join(vendor.cited for vendor in vendors)
    if silent and len(vendors) > 1:
        text = f"No uptime is promised on record by {', '.join(silent)}, so none can be named for the whole."
        return [finding("vendor_risk", "info", "uptime_unknown", text, source)]
    if len(promised) < 2:
        return []
    whole = availability(promised)
    text = (
        f"Where one process needs all {len(promised)} vendors at once, their promises come to {whole * 100:.6g}%, or "
        f"{downtime_minutes(whole):.3g} minutes of downtime a month."
    )
    return [finding("vendor_risk", "info", "uptime_of_the_whole", text, source)]
