"""The settings file of the data folder, read strictly and changed by the line. Only `ui/settings.py` may use it."""

import os
import re
from datetime import date
from pathlib import Path

import yaml

from tools.data_files import parse_yaml
from tools.errors import InvalidInput
from ui.setting_list import Value, setting_of

NAME = "settings.yaml"
_HEAD = "# Settings of Weighbridge; docs/page.md says what each means. The environment overrules this file.\n"
_MEND = "Mend it there, or delete the file to have every default again"


def read_file(path: Path) -> dict[str, Value]:
    """Return the settings that a file holds; a file that is not there holds none."""
    return _values(_text_of(path), path)


def change_file(path: Path, key: str, value: Value) -> None:
    """Write one setting, or remove it where `value` is None; other lines and comments stay as they are."""
    text = _text_of(path)
    wanted = {**_values(text, path), key: value}
    if value is None:
        del wanted[key]
    fresh = _edited(text, key, value)
    if _values(fresh, path) != wanted:  # the key's value went over several lines
        fresh = _HEAD + "".join(_line(each, wanted[each]) for each in wanted)
    _write(path, fresh)


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):  # `doctor` says what is wrong with such a data folder
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{path}: cannot be read as text: {error}. {_MEND}") from error


def _values(text: str, path: Path) -> dict[str, Value]:
    plain = parse_yaml(text, str(path)) if text.strip() else None
    if plain is None:
        return {}
    if not isinstance(plain, dict):
        raise InvalidInput(f"{path}: expected lines such as `threads: 4`. {_MEND}")
    return {str(key): _value(str(key), given, path) for key, given in plain.items()}


def _value(key: str, given: object, path: Path) -> Value:
    setting = setting_of(key, str(path))
    if not isinstance(given, str | int | date) or given == "":
        raise InvalidInput(f"{path}: key {key!r}: {given!r} does not fit; expected {setting.expected}. {_MEND}")
    text = ("on" if given else "off") if isinstance(given, bool) else str(given)
    try:
        return setting.read(text, f"{path}: key {key!r}: {given!r}")
    except InvalidInput as error:
        raise InvalidInput(f"{error}. {_MEND}") from error


def _edited(text: str, key: str, value: Value) -> str:
    kept = text.splitlines(keepends=True) or [_HEAD]
    place = next((n for n, line in enumerate(kept) if re.match(rf"{re.escape(key)}\s*:", line)), None)
    fresh = [] if value is None else [_line(key, value)]
    if place is not None:
        return "".join([*kept[:place], *fresh, *kept[place + 1 :]])
    whole = "".join(kept)
    return whole + ("" if whole.endswith("\n") else "\n") + "".join(fresh)


def _line(key: str, value: Value) -> str:
    if isinstance(value, bool):
        return f"{key}: {'on' if value else 'off'}\n"  # as the README writes it; YAML reads both as a flag
    return yaml.safe_dump({key: value}, allow_unicode=True, width=9999)


def _write(path: Path, text: str) -> None:
    fresh = path.with_name(path.name + ".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(fresh, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        fresh.replace(path)
    except OSError as error:
        raise InvalidInput(
            f"{path}: cannot be written ({error.strerror}); the setting was not kept. Check the folder's permissions"
        ) from error
