"""What can be bought: every offer is priced, dated, and gone from the day on which it is withdrawn."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tools.catalogue import retirements
from tools.catalogue.open_models import open_models
from tools.catalogue.proprietary import HostedOffer, PlatformOffer, ProprietaryModel, hosted_offers, proprietary_models
from tools.catalogue.retirements import announced_retirements, date_conflicts, withdrawal
from tools.catalogue.tuning import open_tuning_offers, tuning_gaps, tuning_offers
from tools.catalogue.vendors import vendors
from tools.options import enumerate_options
from tools.token_prices import PriceRef, token_rates

AS_OF = date(2026, 11, 22)
Offer = ProprietaryModel | PlatformOffer | HostedOffer


def _offers() -> list[tuple[str, Offer]]:
    models = proprietary_models().values()
    return [
        *((model.vendor, model) for model in models),
        *((platform.vendor, platform) for model in models for platform in model.platforms),
        *((offer.host, offer) for offer in hosted_offers()),
    ]


def test_every_offer_has_a_price_today_and_in_a_year() -> None:
    for vendor, offer in _offers():
        for day in (AS_OF, AS_OF + timedelta(days=365)):
            assert token_rates(offer.provider_id, offer.price_model, day).input > 0, (vendor, offer.price_model)


def test_every_vendor_of_the_brief_is_on_offer() -> None:
    sellers = {vendor for vendor, _ in _offers()}
    first_parties = {"openai", "anthropic", "google", "mistral", "xai", "cohere", "meta"}
    platforms = {"aws-bedrock", "azure-openai", "google-vertex"}
    hosts = {"together", "fireworks", "groq", "deepinfra", "ovhcloud", "scaleway", "nebius", "cerebras", "novita"}
    assert first_parties | platforms | hosts | {"baseten", "databricks", "deepseek", "moonshot", "zai"} <= sellers
    assert sellers <= set(vendors())


def test_every_vendor_has_a_flagship_or_a_small_model_with_its_context() -> None:
    for model in proprietary_models().values():
        assert model.context_tokens is not None, model.id
        assert model.tier_basis
    for vendor in ("openai", "anthropic", "google", "mistral", "xai", "cohere", "meta"):
        sizes = {model.size for model in proprietary_models().values() if model.vendor == vendor}
        assert "flagship" in sizes, vendor


def test_no_offer_is_past_its_retirement_and_none_contradicts_the_table() -> None:
    for vendor, offer in _offers():
        assert not offer.retired(AS_OF), (vendor, offer.price_model)
        announced = withdrawal(vendor, offer.price_model)
        assert announced is None or announced > AS_OF
    assert date_conflicts() == ()


@pytest.mark.parametrize(
    ("vendor", "model", "day"),
    [
        ("together", "MiniMaxAI/MiniMax-M3", date(2026, 11, 6)),
        ("fireworks", "gpt-oss-120b", date(2026, 11, 7)),
        ("databricks", "databricks-deepseek-v4-1-flash", date(2026, 11, 19)),
        ("azure-openai", "Llama-4-Maverick-17B-128E-Instruct-FP8", date(2026, 11, 19)),
        ("baseten", "moonshotai/Kimi-K2.6", date(2026, 10, 16)),
        ("cerebras", "llama-3.3-70b", date(2026, 2, 16)),
        ("groq", "llama-3.3-70b-versatile", date(2026, 8, 16)),
        ("groq", "qwen/qwen3-32b", date(2026, 7, 17)),
    ],
)
def test_what_is_still_priced_but_was_withdrawn_by_its_host_is_not_offered(vendor: str, model: str, day: date) -> None:
    assert withdrawal(vendor, model) == day
    assert not any(host == vendor and offer.price_model == model for host, offer in _offers())


def test_the_same_model_is_withdrawn_on_different_days_on_different_platforms() -> None:
    assert withdrawal("anthropic", "claude-sonnet-4-5") == date(2026, 11, 30)
    assert withdrawal("google-vertex", "claude-sonnet-4-5") == date(2026, 9, 29)
    assert withdrawal("azure-openai", "eu/gpt-6.1-sol") == date(2028, 3, 11)
    assert withdrawal("aws-bedrock", "regional.openai.gpt-6.1-sol") is None
    assert withdrawal("azure-openai", "phi-4") == date(2027, 1, 17)


@pytest.mark.parametrize(
    ("provider_id", "price_model", "last"),
    [
        ("google", "gemini-3.5-flash", date(2027, 5, 18)),
        ("google", "gemini-3.5-flash-lite", date(2027, 7, 20)),
        ("aws", "meta.llama3-3-70b-instruct-v1:0", date(2027, 3, 29)),
        ("azure", "Llama-3.3-70B-Instruct", date(2027, 1, 30)),
    ],
)
def test_an_assessment_on_the_day_of_retirement_no_longer_offers_the_model(
    provider_id: str, price_model: str, last: date
) -> None:
    ref = PriceRef(provider_id, price_model)
    assert any(option.price == ref for option in enumerate_options(last))
    own = [o for o in enumerate_options(last + timedelta(days=1)) if o.price == ref and o.deployment != "private_api"]
    assert own == []


def test_a_platform_has_a_date_of_its_own() -> None:
    embedding = proprietary_models()["gemini-embedding-001"]
    (vertex,) = embedding.platforms
    assert (embedding.retires, vertex.retires) == (date(2028, 5, 14), date(2028, 5, 20))
    assert not vertex.retired(date(2028, 5, 19))
    assert vertex.retired(date(2028, 5, 20))


def test_a_date_that_the_table_does_not_know_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    offer = next(o for o in hosted_offers() if o.host == "aws-bedrock" and o.retires is not None)
    monkeypatch.setattr(retirements, "hosted_offers", lambda: (replace(offer, retires=None),))
    (conflict,) = date_conflicts()
    assert (conflict.file, conflict.stated, conflict.announced) == ("hosts.yaml", None, offer.retires)


def test_hosts_are_told_apart_in_the_retirements() -> None:
    platforms = {platform for platform, _ in announced_retirements()}
    assert {"together", "fireworks", "baseten", "databricks", "cerebras"} <= platforms
    assert "hosted-open" not in platforms


def test_gpt_6_is_not_promised_in_the_eu_on_bedrock_but_is_on_azure() -> None:
    regions = {
        (platform.vendor, platform.price_model): platform.regions
        for platform in proprietary_models()["gpt-6-luna"].platforms
    }
    assert regions[("aws-bedrock", "regional.openai.gpt-6-luna")] == ("us",)
    assert regions[("azure-openai", "eu/gpt-6-luna")] == ("eu",)


def test_every_tuning_service_has_a_base_in_the_catalogues_or_says_when_the_base_goes() -> None:
    for offer in tuning_offers():
        known = offer.base_model in proprietary_models() or offer.base_model in open_models()
        assert known or offer.base_retires is not None, offer.base_model
        assert offer.vendor in vendors()
        assert set(offer.unverified) <= set(TUNING_KEYS)
        if offer.price_model is not None:
            assert token_rates(offer.provider_id, offer.price_model, AS_OF).input > 0


TUNING_KEYS = ("training_usd_per_million_tokens", "hosting_usd_per_hour", "price_model", "depth", "regions")


def test_openai_takes_no_new_customers_for_tuning_and_no_job_after_its_last_day() -> None:
    offers = [offer for offer in tuning_offers() if offer.vendor == "openai"]
    assert offers
    for offer in offers:
        assert offer.until == date(2027, 1, 6)
        assert not offer.open_on(AS_OF)
        returning = replace(offer, new_customers=True)
        assert returning.open_on(date(2027, 1, 6))
        assert not returning.open_on(date(2027, 1, 7))


def test_a_tuning_service_ends_with_its_base() -> None:
    assert "gemini-3.5-flash" in {offer.base_model for offer in open_tuning_offers(date(2027, 5, 18))}
    assert "gemini-3.5-flash" not in {offer.base_model for offer in open_tuning_offers(date(2027, 5, 19))}


def test_vendors_without_tuning_are_on_record_and_have_no_open_offer() -> None:
    gaps = {gap.vendor for gap in tuning_gaps()}
    assert {"anthropic", "cohere", "mistral", "openai"} == gaps
    assert not gaps & {offer.vendor for offer in open_tuning_offers(AS_OF)}
