"""API speeds come from the nearest measurement, and a judged class figure is never passed off as measured."""

from datetime import date

import pytest

from tools.api_speed import api_speed, class_speeds, measured_speeds, speed_kin, tails
from tools.capability_evidence import past_models
from tools.catalogue.open_models import open_models
from tools.catalogue.proprietary import hosted_offers, proprietary_models
from tools.catalogue.vendors import vendors

AS_OF = date(2026, 11, 22)
OFFERS = [
    *((model.vendor, model.id) for model in proprietary_models().values()),
    *((platform.vendor, model.id) for model in proprietary_models().values() for platform in model.platforms),
    *((offer.host, offer.open_model_id) for offer in hosted_offers()),
]


@pytest.mark.parametrize(("vendor", "model"), OFFERS)
def test_every_offer_has_a_speed_with_a_dated_source(vendor: str, model: str) -> None:
    speed = api_speed(vendor, model)
    assert speed is not None
    assert 0 < speed.first_token_seconds_p50 < 30
    assert speed.first_token_seconds_p95 is None or speed.first_token_seconds_p95 >= speed.first_token_seconds_p50
    assert speed.source
    assert speed.checked <= AS_OF
    assert speed.basis.startswith(speed.kind)
    assert (speed.kind == "measured") == (speed.confidence != "judgement")


def test_a_measurement_of_vendor_and_model_is_used_as_it_is() -> None:
    speed = api_speed("groq", "meta-llama/Llama-3.3-70B-Instruct")
    assert speed is not None
    assert speed.kind == "measured"
    assert (speed.first_token_seconds_p50, speed.first_token_seconds_p95) == (0.12, 0.28)
    assert speed.output_tokens_per_second == 330
    assert speed.answer_seconds(330) == pytest.approx(1.12)


def test_the_tail_is_the_vendor_s_multiple_where_none_was_measured() -> None:
    speed = api_speed("anthropic", "claude-haiku-5-5")
    assert speed is not None
    assert speed.kind == "estimated"
    assert "claude-haiku-4.5" in speed.basis
    assert speed.first_token_seconds_p95 == pytest.approx(0.46 * tails().multiples["anthropic"])


def test_thinking_first_is_a_wait_of_its_own() -> None:
    speed = api_speed("openai", "gpt-6-astra")
    assert speed is not None
    assert speed.thinking_seconds_p50 is not None
    assert speed.thinking_seconds_p50 > 10 * speed.first_token_seconds_p50


def test_a_platform_answers_like_the_vendor_until_measured() -> None:
    home, platform = api_speed("anthropic", "claude-opus-5-5"), api_speed("aws-bedrock", "claude-opus-5-5")
    assert home is not None
    assert platform is not None
    assert platform.output_tokens_per_second == home.output_tokens_per_second
    assert "at another vendor" in platform.basis


def test_a_fast_host_speaks_for_no_other() -> None:
    other, fast = api_speed("ovhcloud", "meta-llama/Llama-3.3-70B-Instruct"), api_speed("groq", "openai/gpt-oss-20b")
    assert other is not None
    assert other.kind == "judged"
    assert fast is not None
    assert fast.output_tokens_per_second == class_speeds()["fast_host"].tokens_per_second


def test_embeddings_have_no_pace() -> None:
    speed = api_speed("openai", "text-embedding-3-large")
    assert speed is not None
    assert speed.output_tokens_per_second is None
    assert speed.answer_seconds(1000) == speed.first_token_seconds_p50


@pytest.mark.parametrize(("vendor", "model"), [("nobody", "gpt-6-astra"), ("openai", "gpt-9")])
def test_unknown_is_none_not_a_class(vendor: str, model: str) -> None:
    assert api_speed(vendor, model) is None


def test_names_and_dates_of_the_table_are_known() -> None:
    known = {
        *proprietary_models(),
        *open_models(),
        *past_models(),
        *(name for names in speed_kin().values() for name in names),
    }
    for row in measured_speeds():
        assert row.vendor == "*" or row.vendor in vendors(), row.vendor
        assert row.model in known or row.vendor == "xai", row.model
        assert row.dated <= AS_OF
        assert len(row.source) > 15
    assert set(speed_kin()) <= {*proprietary_models(), *open_models()}
    assert set(tails().multiples) <= set(vendors())
