"""Finds or installs the Chromium that the browser tests drive; does not know the tests."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from set_up.progress import Command, Screen, StepFailed, run_ticking

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ADVICE = (
    "The browser tests need Chromium and none was found (tried {tried}). Install it "
    "(Debian: apt-get install chromium; Fedora: dnf install chromium; macOS: brew install --cask chromium), "
    "or name one: WEIGHBRIDGE_CHROMIUM=/path/to/chromium make test"
)


def find_browser(environ: Mapping[str, str]) -> str | None:
    """Return the path of the browser that was named or that is on PATH."""
    named = environ.get("WEIGHBRIDGE_CHROMIUM")
    tried = (named,) if named else NAMES
    return next((path for name in tried if (path := shutil.which(name, path=environ.get("PATH")))), None)


def apt_prefix(environ: Mapping[str, str]) -> list[str] | None:
    """Return the words before apt-get with which packages can be installed unasked; None if they cannot."""
    path = environ.get("PATH")
    if shutil.which("apt-get", path=path) is None:
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo", path=path) is None:
        return None
    unasked = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    return ["sudo", "-n"] if unasked.returncode == 0 else None


def browser_problems(environ: Mapping[str, str]) -> list[str]:
    """Say that the browser is missing where it cannot be installed unasked."""
    if find_browser(environ) is not None:
        return []
    if environ.get("WEIGHBRIDGE_CHROMIUM") or apt_prefix(environ) is None:
        return [ADVICE.format(tried=environ.get("WEIGHBRIDGE_CHROMIUM") or ", ".join(NAMES))]
    return []


def install_browser(environ: Mapping[str, str], log: Path, screen: Screen) -> None:
    """Install Debian's Chromium."""
    prefix = apt_prefix(environ)
    if prefix is None:
        raise StepFailed(ADVICE.format(tried=", ".join(NAMES)))
    quiet = {**environ, "DEBIAN_FRONTEND": "noninteractive"}
    apt = [*prefix, "apt-get", "-y", "-o", "DPkg::Lock::Timeout=300"]
    install = [*apt, "install", "--no-install-recommends", "chromium", "fonts-liberation"]
    for words, doing in (([*apt, "update"], "reading the package lists"), (install, "installing chromium")):
        run_ticking(Command(words, log, quiet, describe=_spoken_line), screen, doing)
    if find_browser(environ) is None:
        raise StepFailed(ADVICE.format(tried=", ".join(NAMES)))


def _spoken_line(line: str) -> str | None:
    words = line.split()
    return " ".join(words[:2]) if words and words[0] in ("Unpacking", "Setting") else None
