"""What people cost: running a service, setting it up, moving to it. It knows no token and no hardware."""

from collections.abc import Iterator

import numpy as np

from tools.assumptions import AssumedFigure, assumption
from tools.bill import BillItem
from tools.draws import Draws, Floats
from tools.options import Option

WEEKS_PER_YEAR = 52.0


def people_items(option: Option, draws: Draws) -> Iterator[BillItem]:
    """Yield what running, setting up and moving to an option costs in engineers' time; running comes first."""
    yearly = draws.number("engineer_cost")
    name, engineers, cited = _running(option, draws)
    yield BillItem(name, "full-time engineers", engineers, engineers * yearly / 12, cited)
    once = assumption("set_up_engineer_weeks")
    yield _spread("set-up, spread over the horizon", float(once.of(option.deployment)), yearly, once)
    if changes_vendor(option, draws):
        moving = assumption("migration_engineer_weeks")
        yield _spread("moving prompts and tests from the present vendor", moving.number, yearly, moving)
    if option.ends_soon:
        moving = assumption("migration_engineer_weeks")
        yield _spread("moving on when this model is withdrawn within the year", moving.number, yearly, moving)


def _running(option: Option, draws: Draws) -> tuple[str, Floats, str]:
    """Return the name, full-time engineers per draw, and source of running an option."""
    own, api = assumption("self_host_engineers"), assumption("api_engineers")
    if option.runs_servers:
        engineers, cited = draws.code_table("platform_team", own.value), own.cited
        name = "engineers who run the service"
    else:
        engineers, cited = np.asarray(api.number), api.cited
        name = "engineers who look after the integration"
    if option.legs:
        router = assumption("router_engineers")
        engineers, cited = engineers + router.number, f"{cited}; {router.cited}"
        name += " and the router"
    return name, np.asarray(engineers), cited


def _spread(name: str, weeks: float, yearly: Floats, assumed: AssumedFigure) -> BillItem:
    months = assumption("horizon_months").number
    amount = weeks * yearly / WEEKS_PER_YEAR / months
    return BillItem(name, "engineer weeks a month", np.asarray(weeks / months), np.asarray(amount), assumed.cited)


def changes_vendor(option: Option, draws: Draws) -> bool:
    """Say whether the organization has model vendors, and this option is none of theirs."""
    used = draws.known.get("existing_vendors")
    if not isinstance(used, tuple) or not used:
        return False
    mine = {leg.vendor.id for leg in (option, *option.legs) if leg.vendor is not None}
    return not mine & set(used)


def people_usd(option: Option, draws: Draws) -> Floats:
    """Return what all people items cost per month and draw."""
    return np.asarray(sum((item.amount_usd for item in people_items(option, draws)), np.asarray(0.0)))
