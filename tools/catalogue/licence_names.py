"""Resolves the name of a model, a family or a licence to the terms that govern it. It judges nobody."""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import ClassVar

from pydantic import ConfigDict

from tools.catalogue.licences import Licence, licences
from tools.catalogue.names import NameIndex, compact
from tools.catalogue.open_models import OpenModel, open_models, open_models_like
from tools.catalogue.records import STRICT_KEYS, Confidence, load_records
from tools.errors import UnknownName

FILE = "licence_names.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class FurtherCheckpoints:
    """Checkpoints outside the catalogue of models that share one licence."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    licence: str
    names: tuple[str, ...]
    multimodal: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    source: str
    checked: date
    confidence: Confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """Checkpoints of the catalogue that carry further licences of the models they were made from."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    models: tuple[str, ...]
    also: tuple[str, ...]
    source: str
    checked: date
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Terms:
    """The licences that bind together for one name (a derived model carries those of its base too).

    checkpoint: its name, None where a family or a licence was named. released: '2024-12-06' or less exact.
    """

    licences: tuple[Licence, ...]
    checkpoint: str | None = None
    multimodal: bool | None = None
    released: str | None = None
    model: OpenModel | None = None


@cache
def further_checkpoints() -> tuple[FurtherCheckpoints, ...]:
    """Load the checkpoints that only the licence table knows."""
    return load_records(FILE, "further_checkpoints", FurtherCheckpoints)


@cache
def bases() -> Mapping[str, tuple[str, ...]]:
    """Load the further licences of derived checkpoints, by checkpoint id."""
    return {model: entry.also for entry in load_records(FILE, "derived", Derived) for model in entry.models}


@cache
def _groups() -> Mapping[str, FurtherCheckpoints]:
    return {name: group for group in further_checkpoints() for name in group.names}


@cache
def _further_index() -> NameIndex:
    return NameIndex("checkpoint", dict.fromkeys(_groups(), ()))


@cache
def _spellings() -> Mapping[str, tuple[Licence, ...]]:
    """Map every lower-case id, name and hub tag to the licences it may mean."""
    found: dict[str, list[Licence]] = {}
    for entry in licences().values():
        for spelling in {entry.id, entry.name, *entry.tags}:
            found.setdefault(spelling.lower(), []).append(entry)
    exact = {entry.id.lower(): (entry,) for entry in licences().values()}
    return {spelling: tuple(entries) for spelling, entries in found.items()} | exact


def terms_of(model: OpenModel) -> Terms | None:
    """Return the terms of a checkpoint, or None where its licence is not recorded."""
    if model.license_id is None:
        return None
    keys = dict.fromkeys((model.license_id, *model.also_license_ids, *bases().get(model.id, ())))
    bound = tuple(licences()[key] for key in keys)
    return Terms(bound, model.id, model.multimodal, model.released, model)


def find_terms(name: str) -> Terms:
    """Return the terms that a loose name means; a family is accepted when all its checkpoints share them.

    Raises UnknownName for a name that fits nothing, several licences, or a checkpoint whose licence is not recorded.
    """
    plain = name.strip().lower()
    own = _spellings().get(plain) or _spellings().get(plain.removeprefix("other:"), ())
    if len(own) == 1:
        # 'Kimi-K3' is a checkpoint and its licence; the checkpoint says more.
        same = [terms_of(model) for model in open_models_like(name) if _same(model.name, name)]
        return same[0] if len(same) == 1 and same[0] and same[0].licences == own else Terms(own)
    if own:
        raise _ambiguous(name, "licences", [entry.id for entry in own])
    models = open_models_like(name)
    if not models and not _further_index().matches(name):
        name = re.sub(r"(?<![\w.])(\d)(?![\w.])", r"\1.0", name)  # people say 'EXAONE 4' for 4.0
        models = open_models_like(name)
    # A shorter name that the index takes whole ('DeepSeek-V3') is that checkpoint; the rest may be a family.
    further = [_further(key) for key in _further_index().matches(name)]
    exact = [terms for terms in further if terms.checkpoint and _same(terms.checkpoint, name)]
    if len(models) != 1 and len(exact) == 1:
        return exact[0]
    known = [terms for terms in map(terms_of, models) if terms is not None]
    if len(models) == 1 and not known:
        raise UnknownName(f"the licence of {models[0].id} is not recorded; read the text beside the weights")
    if len(models) == 1:
        _no_rival(name, known[0], further)
        return known[0]
    if len(known) < len(models):
        raise _ambiguous(name, "checkpoints under different licences", _listed(models))
    # Others' models built on a family share its words; they do not make the family's own licence ambiguous.
    return _family(name, known or further)


def _no_rival(name: str, chosen: Terms, further: Sequence[Terms]) -> None:
    """Refuse a loose name that another checkpoint, under other terms, begins with ('ministral 8b')."""
    asked = compact(name)
    rivals = [
        terms
        for terms in further
        if terms.licences != chosen.licences and terms.checkpoint and compact(terms.checkpoint).startswith(asked)
    ]
    if rivals and chosen.checkpoint and compact(chosen.checkpoint) != asked:
        raise _differ(name, [chosen, *rivals])


def open_names(name: str) -> tuple[str, ...]:
    """Return the open checkpoints that a name may mean, or that it nearly spells; none where it is nobody's."""
    ids = [model.name for model in open_models().values()] + list(_groups())
    near = difflib.get_close_matches(name, ids, n=3, cutoff=0.85)
    return (*(model.id for model in open_models_like(name)), *_further_index().matches(name), *near)


def _family(name: str, all_terms: Sequence[Terms]) -> Terms:
    if not all_terms:
        names = [model.name for model in open_models().values()]
        raise UnknownName.of("model or licence", name, [*licences(), *names, *_groups()])
    if len(all_terms) == 1:
        return all_terms[0]
    if len({tuple(entry.id for entry in terms.licences) for terms in all_terms}) > 1:
        raise _differ(name, all_terms)
    return Terms(all_terms[0].licences)


def _further(name: str) -> Terms:
    group = _groups()[name]
    bound = tuple(licences()[key] for key in (group.licence, *group.also))
    return Terms(bound, name, name in group.multimodal)


def _same(checkpoint: str, name: str) -> bool:
    return checkpoint.lower() == name.strip().rsplit("/", 1)[-1].lower()


def _listed(models: Sequence[OpenModel]) -> list[str]:
    return [f"{model.id} ({model.license_id or 'unknown licence'})" for model in models]


def _differ(name: str, all_terms: Sequence[Terms]) -> UnknownName:
    listed = [f"{terms.checkpoint} ({terms.licences[0].id})" for terms in all_terms]
    return _ambiguous(name, "checkpoints under different licences", listed)


def _ambiguous(name: str, what: str, listed: Sequence[str]) -> UnknownName:
    return UnknownName(f"{name!r} covers {what}: {', '.join(listed[:8])}. Say which one")
