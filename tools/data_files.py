"""Reads the data tables that ship with this package, strictly. It knows no other file."""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from tools.errors import InvalidInput

# The C loader reads the tables about eight times faster; `assess` must start within a second.
_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _StrictLoader(_Loader):  # type: ignore[misc]  # the base is chosen at run time
    """A loader for which a key given twice is an error, not the last one's win."""

    source = ""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[object] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                line = key_node.start_mark.line + 1
                raise InvalidInput(f"{self.source}: line {line}: key {key!r} is given twice")
            seen.add(key)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        return mapping


def parse_yaml(text: str, name: str) -> Any:
    """Parse the YAML text of a file of our own; `name` is the file that an error names."""
    loader = _StrictLoader(text)
    loader.source = name
    try:
        return loader.get_single_data()
    except yaml.YAMLError as error:
        line, problem = yaml_problem(error)
        place = f"line {line}: " if line is not None else ""
        raise InvalidInput(f"{name}: not readable as YAML: {place}{problem}") from error
    finally:
        loader.dispose()


def yaml_problem(error: yaml.YAMLError) -> tuple[int | None, str]:
    """Return the line, where the parser knows it, and what it found there."""
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or " ".join(str(error).split())
    return (mark.line + 1 if mark else None), problem


@cache
def load_table(name: str) -> Any:
    """Load one table of `tools/data` by its file name."""
    return parse_yaml(files("tools").joinpath("data", name).read_text(encoding="utf-8"), f"tools/data/{name}")
