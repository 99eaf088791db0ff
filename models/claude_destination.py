"""Where a request to Claude goes, known before any client exists. It knows no SDK, no key and no network."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Protocol
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, ValidationError

from models.protocol import ChatModel
from tools.data_files import parse_yaml
from tools.errors import InvalidInput

_TABLE = "models/data/claude.yaml"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(_Strict):
    """Where an entry of the table comes from."""

    title: str
    url: str


class Service(_Strict):
    """The publisher's own API."""

    company: str
    url: str
    inference_geo: str
    regions: tuple[str, ...]
    checked: date
    source: Source


class ClaudeEntry(_Strict):
    """One model that may be asked."""

    context_tokens: int
    thinking_tokens: int
    checked: date
    source: Source


class ClaudeTable(_Strict):
    """The whole table."""

    service: Service
    default_model: str
    models: Mapping[str, ClaudeEntry]


@dataclass(frozen=True, slots=True)
class Destination:
    """Who receives the text; `regions` is empty where nobody knows in which region it is processed."""

    company: str
    url: str
    model: str
    context_tokens: int
    thinking_tokens: int
    regions: tuple[str, ...]
    inference_geo: str | None


class OutsideModel(ChatModel, Protocol):
    """A chat model that sends what it is given off this machine, and can say where to."""

    @property
    def destination(self) -> Destination:
        """Return who receives the text."""


@lru_cache(maxsize=1)
def claude_table() -> ClaudeTable:
    """Load the table strictly; an entry that does not fit raises InvalidInput naming it."""
    raw = parse_yaml(files("models").joinpath("data", "claude.yaml").read_text(encoding="utf-8"), _TABLE)
    try:
        table = ClaudeTable.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InvalidInput(f"{_TABLE}: {where}: {first['msg']}") from error
    if table.default_model not in table.models:
        raise InvalidInput(f"{_TABLE}: default_model: {table.default_model!r} is not among the models")
    return table


def claude_destination(base_url: str | None = None, model: str | None = None) -> Destination:
    """Return where a request would go with these settings.

    An address that is not the publisher's own (a gateway, a proxy) has no known region. A model that
    the table lacks is allowed, because new ones appear: it gets the smallest context and the largest thinking
    allowance listed.
    """
    table = claude_table()
    url = _checked_url(base_url or table.service.url)
    name = model or table.default_model
    entry = table.models.get(name)
    own = url == table.service.url
    return Destination(
        company=table.service.company if own else f"the server at {urlsplit(url).netloc}",
        url=url,
        model=name,
        context_tokens=entry.context_tokens if entry else min(m.context_tokens for m in table.models.values()),
        thinking_tokens=entry.thinking_tokens if entry else max(m.thinking_tokens for m in table.models.values()),
        regions=table.service.regions if own else (),
        inference_geo=table.service.inference_geo if own else None,
    )


def _checked_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InvalidInput(f"ANTHROPIC_BASE_URL={url!r}: expected an address such as https://api.anthropic.com")
    if parts.username or parts.password:
        raise InvalidInput("ANTHROPIC_BASE_URL holds a password; take it out, the key goes into ANTHROPIC_API_KEY")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise InvalidInput(f"ANTHROPIC_BASE_URL={url!r}: would send text unencrypted; use https://")
    return url.rstrip("/")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
