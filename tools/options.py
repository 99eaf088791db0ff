"""Enumerates the concrete ways to run a workload from the catalogues. It knows no fact and no cost."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from tools.assessment import Deployment
from tools.assumptions import assumption
from tools.catalogue.accelerators import accelerators
from tools.catalogue.licences import Licence, licence_of
from tools.catalogue.open_models import TIERS, OpenModel, open_models
from tools.catalogue.proprietary import HostedOffer, ProprietaryModel, hosted_offers, proprietary_models
from tools.catalogue.tuning import TuningOffer, open_tuning_offers
from tools.catalogue.vendors import Vendor, vendors
from tools.serving import Server, servers_for
from tools.token_prices import PriceRef


@dataclass(frozen=True, slots=True)
class Option:
    """One way to run a workload. `tier` is 0 routine, 1 moderate, 2 frontier.

    `ends_soon`: it is announced to be withdrawn within the planning horizon. `servers`: all that an open model may run
    on, `server` the one that is meant. `legs`: the two models of a router.
    """

    deployment: Deployment
    model: str
    provider: str
    lineage: str
    country: str
    tier: int
    embedding: bool
    max_context: int | None
    vendor: Vendor | None = None
    regions: tuple[str, ...] = ()
    retires: date | None = None
    preview: bool = False
    checkpoint: OpenModel | None = None
    price: PriceRef | None = None
    server: Server | None = None
    servers: tuple[Server, ...] = ()
    tuning: TuningOffer | None = None
    legs: tuple["Option", ...] = ()
    ends_soon: bool = False
    source: str = ""

    @property
    def is_external(self) -> bool:
        """Say whether requests, or some of them, leave the organization's own servers."""
        return self.server is None

    @property
    def runs_servers(self) -> bool:
        """Say whether own servers do the work, or a part of it."""
        return self.server is not None or any(leg.server is not None for leg in self.legs)

    @property
    def licence(self) -> Licence | None:
        """The licence of an open checkpoint; None for proprietary models and where it is unknown."""
        return licence_of(self.checkpoint) if self.checkpoint else None

    @property
    def is_open(self) -> bool:
        """Say whether the weights are open; of a router, those of the model that does the easy share."""
        return self.deployment in ("hosted_open", "self_hosted") or (bool(self.legs) and self.legs[0].is_open)


def enumerate_options(on: date) -> tuple[Option, ...]:
    """Return every option that exists on a date; retired models are left out."""
    bought = (*_proprietary(on), *_hosted(on), *_tuned(on))
    end = _months_after(on, int(assumption("horizon_months").number))
    return (*(replace(o, ends_soon=o.retires is not None and o.retires < end) for o in bought), *_self_hosted(on))


def _months_after(on: date, months: int) -> date:
    month = on.year * 12 + on.month - 1 + months
    return date(month // 12, month % 12 + 1, 1)


def _proprietary(on: date) -> Iterator[Option]:
    for model in proprietary_models().values():
        if not model.retired(on):
            vendor = vendors().get(model.vendor)
            yield _bought(model, "proprietary_api", vendor, model.provider_id, model.price_model, None)
        for platform in model.platforms:  # a platform keeps its own dates, often longer ones
            if not platform.retired(on):
                runner = vendors().get(platform.vendor)
                sold = _bought(
                    model, "private_api", runner, platform.provider_id, platform.price_model, platform.regions
                )
                yield replace(sold, retires=platform.retires)


def _bought(
    model: ProprietaryModel,
    deployment: Deployment,
    vendor: Vendor | None,
    provider_id: str,
    price_model: str,
    regions: tuple[str, ...] | None,
) -> Option:
    known = regions if regions is not None else (vendor.regions if vendor else ())
    return Option(
        deployment=deployment,
        model=model.id,
        provider=vendor.name if vendor else model.vendor,
        lineage=model.lineage,
        country=_country_of_vendor(model.vendor),
        tier=TIERS.index(model.tier),
        embedding=model.size == "embedding",
        max_context=model.context_tokens,
        vendor=vendor,
        regions=known,
        retires=model.retires,
        preview=model.status == "preview",
        price=PriceRef(provider_id, price_model),
        source=model.source,
    )


def _country_of_vendor(vendor_id: str) -> str:
    vendor = vendors().get(vendor_id)
    return vendor.jurisdiction if vendor else "other"


def _hosted(on: date) -> Iterator[Option]:
    for offer in hosted_offers():
        model = open_models().get(offer.open_model_id)
        if model is None or offer.retired(on):
            continue
        yield _hosted_option(offer, model)


def _hosted_option(offer: HostedOffer, model: OpenModel) -> Option:
    vendor = vendors().get(offer.host)
    return replace(
        _open_option(model, "hosted_open"),
        provider=vendor.name if vendor else offer.host,
        vendor=vendor,
        regions=offer.regions,
        retires=offer.retires,
        price=PriceRef(offer.provider_id, offer.price_model),
        source=offer.source,
    )


def _tuned(on: date) -> Iterator[Option]:
    """Yield tuned models: of a proprietary base `tuned_api`, of open weights `hosted_open`, by the host's own hands."""
    for offer in open_tuning_offers(on):
        vendor = vendors().get(offer.vendor)
        base = _tuning_base(offer)
        if vendor is not None and base is not None:
            yield replace(
                base,
                provider=f"{vendor.name} ({'fully tuned' if offer.depth == 'deep' else 'tuned'})",
                vendor=vendor,
                price=PriceRef(offer.provider_id, offer.price_model) if offer.price_model is not None else None,
                tuning=offer,
                regions=offer.regions,
                retires=offer.base_retires,
                source=offer.source,
            )


def _tuning_base(offer: TuningOffer) -> Option | None:
    """Return the model that a service tunes; None where the catalogues know too little of it."""
    bought, checkpoint = proprietary_models().get(offer.base_model), open_models().get(offer.base_model)
    if checkpoint is not None:
        return _open_option(checkpoint, "hosted_open")
    if bought is None or offer.price_model is None:
        return None
    return _bought(bought, "tuned_api", None, offer.provider_id, offer.price_model, offer.regions)


def _open_option(model: OpenModel, deployment: Deployment) -> Option:
    return Option(
        deployment=deployment,
        model=model.id,
        provider="",
        lineage=model.lineage,
        country=country_code(model.licensor_country),
        tier=TIERS.index(model.tier),
        embedding=model.use == "embedding",
        max_context=model.max_context,
        checkpoint=model,
        source=model.source,
    )


def _self_hosted(on: date) -> Iterator[Option]:
    engines = assumption("serving_software").value
    cards = [c for c in accelerators().values() if c.software in engines and (c.candidate or c.owned_candidate)]
    # The newest first: where two models cost the same, the first one wins.
    for model in sorted(open_models().values(), key=lambda entry: entry.released, reverse=True):
        if not model.candidate or model.params_total_b is None or model.layers is None or _superseded(model, on):
            continue
        if model.kv_bytes_per_token_bf16 is None:
            continue
        servers = servers_for(model, cards)
        if servers:
            own = replace(_open_option(model, "self_hosted"), provider="own servers")
            yield replace(own, server=servers[0], servers=servers)


def _superseded(model: OpenModel, on: date) -> bool:
    """Say whether a writing model is too old to start a service on; embedding models age more slowly."""
    months = on.year * 12 + on.month - 1 - int(assumption("oldest_release_months").number)
    return model.use != "embedding" and model.released < f"{months // 12:04d}-{months % 12 + 1:02d}"


def country_code(licensor_country: str) -> str:
    """Map the catalogue's country to the values of the fact `company_region`."""
    codes = {"US": "us", "CN": "china", "GB": "uk", "UK": "uk", "FR": "eu", "DE": "eu", "EU": "eu"}
    return codes.get(licensor_country.split("/")[0].strip().upper(), "other")
