"""Looks at what Weighbridge needs and says what is wrong and which command mends it. It mends nothing itself."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tools.errors import WeighbridgeError
from ui.settings import NO_MODEL, Settings, build_embedder, build_encoder_store, build_store, model_path

State = Literal["ok", "note", "problem"]

_SET_UP = "make setup"
_LEAST_FREE_BYTES = 500_000_000


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at; `fix` is the command that mends a problem."""

    name: str
    state: State
    text: str
    fix: str = ""


def diagnose(settings: Settings) -> list[Check]:
    """Look at everything, in the order in which it is needed."""
    looks: tuple[Callable[[Settings], Check], ...] = (
        _python, _packages, _settings, _engine, _model, _encoder, _embedder, _index, _data_home, _disk, _data,
        _escalation,
    )  # fmt: skip
    return [look(settings) for look in looks]


def _python(settings: Settings) -> Check:
    found = ".".join(str(part) for part in sys.version_info[:3])
    return Check("python", "ok", f"{found} at {sys.executable}")


def _packages(settings: Settings) -> Check:
    try:
        declared = importlib.metadata.requires("weighbridge") or []
        own = importlib.metadata.version("weighbridge")
    except importlib.metadata.PackageNotFoundError:
        return Check("packages", "problem", "the package weighbridge itself is not installed", _SET_UP)
    names = [re.split(r"[^\w.-]", line)[0] for line in declared if "extra ==" not in line]
    missing = [name for name in names if not _is_installed(name)]
    if missing:
        return Check("packages", "problem", f"not installed: {', '.join(missing)}", _SET_UP)
    return Check("packages", "ok", f"weighbridge {own} and the {len(names)} packages it needs")


def _is_installed(distribution: str) -> bool:
    try:
        importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _settings(settings: Settings) -> Check:
    from ui.setting_list import SETTINGS

    there = {setting: settings.origin(setting.key) for setting in SETTINGS}
    said = [f"{one.key} (environment, {one.variable})" for one, origin in there.items() if origin == "environment"]
    said += [f"{one.key} ({origin})" for one, origin in there.items() if origin in ("settings file", "command line")]
    file = settings.file if settings.file.is_file() else f"no file yet ({settings.file})"
    return Check("settings", "ok", f"{file}; {'not at their default: ' + ', '.join(said) if said else 'all defaults'}")


def _engine(settings: Settings) -> Check:
    from models.accelerator import describe_accelerator

    try:
        found = describe_accelerator()
    except (ImportError, OSError, RuntimeError) as error:
        return Check("engine", "problem", f"llama.cpp cannot be loaded: {error}", _SET_UP)
    if not found.build_has_gpu and shutil.which("nvidia-smi"):
        hint = "this machine seems to have a GPU; a build for it: make setup LLAMA_WHEELS=ADDRESS"
        return Check("engine", "note", f"{found.line()}; {hint}")
    return Check("engine", "ok", found.line())


def _model(settings: Settings) -> Check:
    if settings.model == NO_MODEL:
        return Check(
            "model", "note", f"none ({settings.place('model')}{NO_MODEL}): recognisers and quoted passages only"
        )
    try:
        path = model_path(settings)
    except WeighbridgeError as error:
        return Check("model", "problem", str(error), _command_in(str(error), "weighbridge models pull"))
    from models.store import sha256_of

    found = sha256_of(path)
    for one in build_store(settings).list():
        if found == one.sha256:
            return Check("model", "ok", f"{one.entry.title} at {path}, sha256 {found[:12]}… as it should be")
        if one.path == path:
            text = f"{path} is damaged: sha256 {found[:12]}…, expected {(one.sha256 or '')[:12]}…"
            fix = f"weighbridge models verify {one.entry.name}; weighbridge models pull {one.entry.name}"
            return Check("model", "problem", text, fix)
    return Check("model", "note", f"{path}, a file of your own (sha256 {found[:12]}…), not in the catalogue")


def _encoder(settings: Settings) -> Check:
    store = build_encoder_store(settings)
    path = store.path()
    if path is None:
        text = f"{store.entry.name} is not here: messages are read with the small sentence model, a little less well"
        return Check("encoder", "note", f"{text}; to fetch it: weighbridge models encoder")
    return Check("encoder", "ok", f"{store.entry.name} at {path}")


def _embedder(settings: Settings) -> Check:
    embedder = build_embedder()
    try:
        embedder.verify()
    except WeighbridgeError as error:
        return Check("embedder", "problem", str(error), _SET_UP)
    if importlib.util.find_spec("onnxruntime") is None:
        return Check("embedder", "problem", "onnxruntime is not installed", _SET_UP)
    return Check("embedder", "ok", f"{embedder.name}, sha256 {embedder.sha256[:12]}… as it should be")


def _index(settings: Settings) -> Check:
    from knowledge.manifest import require_current

    try:
        manifest = require_current(settings.index_folder, build_embedder())
    except WeighbridgeError as error:
        return Check("guidance index", "problem", str(error), "weighbridge knowledge build")
    return Check("guidance index", "ok", f"{manifest.passages} passages, up to date")


def _data_home(settings: Settings) -> Check:
    home = settings.home
    existing = next((folder for folder in (home, *home.parents) if folder.exists()), Path("/"))
    if not existing.is_dir() or not os.access(existing, os.W_OK | os.X_OK):
        fix = "WEIGHBRIDGE_HOME=/a/folder/of/yours weighbridge doctor"
        return Check("data home", "problem", f"{home} cannot be written to", fix)
    return Check("data home", "ok", f"{home}{'' if home.exists() else ' (made when it is first needed)'}")


def _disk(settings: Settings) -> Check:
    home = settings.home
    existing = next(folder for folder in (home, *home.parents) if folder.is_dir())
    free = shutil.disk_usage(existing).free
    text = f"{free / 1e9:,.1f} GB free"
    if free < _LEAST_FREE_BYTES:
        return Check("disk", "problem", f"only {text} in {existing}", f"df -h {existing}")
    return Check("disk", "ok", text)


def _data(settings: Settings) -> Check:
    from tools.data_check import check_tables, table_summaries
    from tools.token_prices import data_version

    problems = check_tables(settings.today())
    if problems:
        return Check("data", "problem", f"{len(problems)} entries are old or inconsistent", "weighbridge data check")
    oldest = min(summary.oldest for summary in table_summaries())
    return Check("data", "ok", f"tables checked since {oldest.isoformat()}, token prices from {data_version()}")


def _escalation(settings: Settings) -> Check:
    if not settings.escalation:
        return Check("escalation", "ok", "off: no byte leaves this machine")
    if importlib.util.find_spec("anthropic") is None:
        return Check("escalation", "problem", "on, but the extra `claude` is not installed", "make setup EXTRAS=claude")
    if not settings.anthropic_api_key:
        return Check("escalation", "problem", "on, but ANTHROPIC_API_KEY is not set", "export ANTHROPIC_API_KEY=KEY")
    from models.claude_destination import claude_destination

    try:
        to = claude_destination(settings.anthropic_base_url, settings.claude_model)
    except WeighbridgeError as error:
        return Check("escalation", "problem", str(error), "unset ANTHROPIC_BASE_URL")
    return Check("escalation", "note", f"on: what you agree to is sent to {to.company} at {to.url} ({to.model})")


def _command_in(message: str, usual: str) -> str:
    """Return the command that a message names, or the usual one."""
    found = re.search(r"Run: (weighbridge(?: [\w.-]*\w)+)", message)
    return found[1] if found else usual
