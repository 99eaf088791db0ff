"""The numpy encoder against the values that PyTorch gave, and what it makes of messages."""

import os

import numpy as np
import pytest

from agent.reading.encoder import Encoder
from agent.reading.encoder_base import MATRICES, Array, BaseWeights, load_base
from agent.reading.encoder_stage import from_encoder, words_of
from agent.reading.ensemble import Ensemble
from agent.reading.labels import Label, groups, labels, tokenize
from agent.reading.mpnet_base import load_mpnet
from knowledge.embedder import Embedder, embedder_spec
from models.encoder_file import encoder_entry
from ui.settings import build_encoder_store, read_settings

HEADLINE = "We get about 40k support tickets a day and want each one labelled. Nothing may leave our servers."


@pytest.fixture(scope="module")
def encoder() -> Ensemble:
    return Ensemble.open()


@pytest.fixture(scope="module")
def large() -> Encoder:
    """The encoder on the large sentence model, which set-up brings."""
    path = build_encoder_store(read_settings(os.environ)).path()
    if path is None:
        pytest.skip("the large sentence model could not be had: weighbridge models encoder")
    (only,) = Ensemble.open(path).members
    return only


@pytest.fixture(scope="module", params=["first", "second", "large"])
def member(encoder: Ensemble, request: pytest.FixtureRequest) -> Encoder:
    if request.param == "large":
        found: Encoder = request.getfixturevalue("large")
        return found
    return encoder.members[["first", "second"].index(request.param)]


def test_several_encoders_see_their_mean(encoder: Ensemble) -> None:
    seen = [member.see(HEADLINE, None) for member in encoder.members]
    whole = encoder.see(HEADLINE, None)
    np.testing.assert_allclose(whole.stated, np.mean([one.stated for one in seen], axis=0), rtol=1e-6)
    assert sum(whole.intents.values()) == pytest.approx(1.0, abs=1e-4)


def test_numpy_says_what_pytorch_said(member: Encoder) -> None:
    for reference in member.manifest["references"]:
        sight = member.see(reference["text"], reference["asked"])
        for name, likely in reference["stated"].items():
            assert sight.probability(*name.split("=", 1)) == pytest.approx(likely, abs=2e-3), (reference["text"], name)
        for name, likely in reference["places"].items() if sight.offsets else ():
            assert sight.at(*name.split("=", 1)).max() == pytest.approx(likely, abs=2e-3), (reference["text"], name)
        for intent, likely in reference["intents"].items():
            assert sight.intents[intent] == pytest.approx(likely, abs=2e-3)  # type: ignore[index]


def test_weights_belong_to_their_base(member: Encoder) -> None:
    assert member.manifest["base_sha256"] in (embedder_spec().sha256, encoder_entry().sha256)
    assert (member.base_width == 768) == (member.manifest["base_sha256"] == encoder_entry().sha256)
    assert len(member.manifest["references"]) >= 4


def test_the_large_model_alone_tells_likeness(large: Encoder) -> None:
    """Without what was trained it is the sentence model: like texts are near, unlike ones are not."""
    path = build_encoder_store(read_settings(os.environ)).path()
    assert path is not None
    base = load_mpnet(path)
    untrained = Encoder(base, _nothing_trained(base), {})
    first, like, unlike = (
        untrained.states(tokenize(text, None)).mean(axis=0)
        for text in (HEADLINE, "Each day 40,000 helpdesk requests must be labelled on premises.", "The cat sat down.")
    )

    def cosine(one: Array, other: Array) -> float:
        return float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))

    assert cosine(first, like) > 0.4 > 0.2 > cosine(first, unlike)


def test_base_weights_are_those_onnxruntime_computes_with() -> None:
    """Without what was trained, the mean of the states is the sentence vector of the packaged model."""
    base = load_base()
    untrained = Encoder(base, _nothing_trained(base), {})
    text = "Nothing may leave our servers"
    mean = untrained.states(tokenize(text, None)).mean(axis=0)
    assert np.allclose(mean / np.linalg.norm(mean), Embedder().embed([text])[0], atol=1e-4)


def _nothing_trained(base: BaseWeights) -> dict[str, Array]:
    found = {"kinds": base.kinds, "norm_scale": base.norm[0], "norm_bias": base.norm[1]}
    for number, layer in enumerate(base.layers):
        for name in MATRICES:
            rows, columns = layer[name].shape
            found[f"layers.{number}.{name}.down"] = np.zeros((rows, 1), dtype=np.float32)
            found[f"layers.{number}.{name}.up"] = np.zeros((1, columns), dtype=np.float32)
            found[f"layers.{number}.{name}.bias"] = layer[f"{name}_bias"]
        found |= {f"layers.{number}.norms.{name}": array for name, array in layer.items() if "_norm_" in name}
    return found


def test_quotes_are_places_in_the_message(encoder: Ensemble) -> None:
    for text in (HEADLINE, "Wir sind eine Bank — “under GDPR”, naïve café ☕ on AWS", "x", "AWS!!!"):
        sight = encoder.see(text, None)
        for item in from_encoder(text, sight, None):
            assert 0 <= item.start < item.end <= len(text)
        for label in labels():
            start, end = words_of(text, sight, label)
            assert 0 <= start <= end <= len(text)


def test_headline_facts_and_their_words(encoder: Ensemble) -> None:
    found = {item.key: item for item in from_encoder(HEADLINE, encoder.see(HEADLINE, None), None)}
    assert found["external_api"].value == "forbidden"
    assert "leave our servers" in HEADLINE[found["external_api"].start : found["external_api"].end]
    assert found["task"].value == "classification"


def test_labels_of_a_group_exclude_each_other(encoder: Ensemble) -> None:
    sight = encoder.see("we're a bank on Azure", "sector")
    for numbers in groups():
        assert float(sight.stated[list(numbers)].sum()) <= 1.0001
    assert Label("cloud", "azure") in labels()


def test_a_long_message_is_cut_to_the_tokens_there_are() -> None:
    tokens = tokenize("word " * 500, "sector")
    assert len(tokens.ids) == 192 == len(tokens.kinds)
    assert tokens.offsets[-1][1] <= len("word " * 500)
