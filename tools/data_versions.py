"""Names the data that an assessment rests on, so that a later one can say what has changed. It judges none of it."""

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from tools.assumptions import listed_assumptions
from tools.token_prices import data_version

_ENDINGS = (".yaml", ".csv")


@cache
def table_digests() -> MappingProxyType[str, str]:
    """Return the first twelve hexadecimal digits of the SHA-256 of every table of `tools/data`, by file."""
    tables = sorted((entry for entry in files("tools").joinpath("data").iterdir()), key=lambda entry: entry.name)
    digests = {t.name: hashlib.sha256(t.read_bytes()).hexdigest()[:12] for t in tables if t.name.endswith(_ENDINGS)}
    return MappingProxyType(digests)


def data_versions() -> dict[str, Any]:
    """Return the versions of the program, the token prices and the tables, and every assumed figure as listed."""
    return {
        "weighbridge": _own_version(),
        "prices": data_version(),
        "tables": dict(table_digests()),
        "assumed": {key: figure.value for key, figure in listed_assumptions().items()},
    }


def _own_version() -> str:
    try:
        return version("weighbridge")
    except PackageNotFoundError:
        return "unknown"
