"""Resolves the names under which models are priced, in the price package and the own table. It knows no price."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from tools.catalogue.own_prices import own_models, own_prices
from tools.catalogue.proprietary import find_proprietary_model
from tools.errors import UnknownName

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo, Provider

# How the package marks a price that it read at a reseller and not at the provider under which it lists it.
_HEARSAY = "Imported from OpenRouter"
_WORD, _LETTERS = re.compile(r"[a-z]+"), 3


@dataclass(frozen=True, slots=True)
class PriceRef:
    """The name of a model at a provider in genai-prices or in the own table."""

    provider_id: str
    model: str

    def __str__(self) -> str:
        return f"{self.provider_id}/{self.model}"


def find_price(model: str) -> PriceRef:
    """Resolve 'gpt-6-luna', 'openai/gpt-6-luna' or 'anthropic:claude-opus-5-5'; first parties go first."""
    name = model.strip()
    for separator in (":", "/"):
        provider_name, found, rest = name.partition(separator)
        if found and _is_provider(provider_name.lower()):
            ref = resolve(provider_name.lower(), rest)
            return _only_provider(name, rest) if _is_hearsay(ref) else ref
    return _default_provider(name) or _from_catalogue(name) or _only_provider(name)


def resolve(provider_id: str, model: str) -> PriceRef:
    """Return a model's name as the provider's list spells it, or raise UnknownName with near names."""
    if not _is_provider(provider_id):
        raise UnknownName.of("provider", provider_id, {*_providers(), *own_models()})
    found = _search(provider_id, model)
    if found is None:
        provider = _providers().get(provider_id)
        listed = [entry.id for entry in provider.models] if provider else []
        raise UnknownName.of(f"model of {provider_id}", model, [*listed, *own_models().get(provider_id, ())])
    return found


@cache
def listed_model(ref: PriceRef) -> "ModelInfo | None":
    """Return the package's entry of exactly this model; None where only the own table has it."""
    provider = _providers().get(ref.provider_id)
    if provider is None:
        return None
    return next((entry for entry in provider.models if entry.id.lower() == ref.model.lower()), None)


@cache
def _providers() -> dict[str, "Provider"]:
    from genai_prices.data_snapshot import get_snapshot

    return {provider.id: provider for provider in get_snapshot().providers}


def _is_provider(name: str) -> bool:
    return name in _providers() or name in own_models()


@cache
def _search(provider_id: str, model: str) -> PriceRef | None:
    """Find a model of a provider: by its exact name in the package, then in the own table, then by a loose name."""
    exact = listed_model(PriceRef(provider_id, model))
    if exact is not None:
        return PriceRef(provider_id, exact.id)
    own = own_prices().get((provider_id, model.lower()))
    if own is not None:
        return PriceRef(provider_id, own[0].model)
    provider = _providers().get(provider_id)
    loose = provider.find_model(model) if provider else None
    return None if loose is None or _is_misspelt(model, loose.id) else PriceRef(provider_id, loose.id)


def _is_misspelt(name: str, listed_id: str) -> bool:
    """Whether a word of the name is one of the listed id with letters more: the package matches 'lunar' to 'luna'.

    Words of their own (dates, regions, 'latest') are what its loose names are for.
    """
    listed = set(_WORD.findall(listed_id.lower()))
    return any(word.startswith(known) or word.endswith(known) for word, known in _pairs(name.lower(), listed))


def _pairs(name: str, listed: set[str]) -> Iterator[tuple[str, str]]:
    """Words of a name that are not listed, each beside the listed ones of three letters or more."""
    strange = [word for word in _WORD.findall(name) if word not in listed]
    return ((word, known) for word in strange for known in listed if len(known) >= _LETTERS)


def _is_hearsay(ref: PriceRef) -> bool:
    entry = listed_model(ref)
    return entry is not None and (entry.price_comments or "").startswith(_HEARSAY)


def _default_provider(name: str) -> PriceRef | None:
    from genai_prices.data_snapshot import get_snapshot

    try:
        provider, model = get_snapshot().find_provider_model(name, None, None, None)
    except LookupError:
        return None
    ref = PriceRef(provider.id, model.id)
    return None if _is_hearsay(ref) or _is_misspelt(name, model.id) else ref


def _from_catalogue(name: str) -> PriceRef | None:
    try:
        known = find_proprietary_model(name)
    except UnknownName:
        return None
    return PriceRef(known.provider_id, known.price_model)


def _only_provider(name: str, short_name: str = "") -> PriceRef:
    """Return the only offer of a model under its name or the one without its maker; UnknownName lists several."""
    sellers = dict.fromkeys((*_providers(), *own_models()))
    found = (_search(provider, name) or (_search(provider, short_name) if short_name else None) for provider in sellers)
    refs = [ref for ref in found if ref and not _is_hearsay(ref)]
    if len(refs) == 1:
        return refs[0]
    if refs:
        listed = ", ".join(map(str, refs[:12]))
        raise UnknownName(f"{name!r} is sold by several providers; say which: {listed}")
    known = {entry.id for provider in _providers().values() for entry in provider.models}
    known.update(model for models in own_models().values() for model in models)
    raise UnknownName.of("model with a token price", name, known)
