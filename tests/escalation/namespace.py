"""Runs a Python snippet where no network exists but loopback, and notes every attempt to reach one.

The namespace is the proof: it has no route out, whatever a subprocess or a native library tries. The audit hook
tells which code tried; it sees Python code only. `IsolatedRun.attempts` holds what it saw.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

# Runs before the snippet. `ip` may be missing on a small machine, so loopback is brought up by ioctl.
_PREAMBLE = r"""
import fcntl, json, os, socket, struct, sys

_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 0x1
_probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
_flags = struct.unpack("16sh", fcntl.ioctl(_probe, _SIOCGIFFLAGS, struct.pack("16sh", b"lo", 0)))[1]
fcntl.ioctl(_probe, _SIOCSIFFLAGS, struct.pack("16sh", b"lo", _flags | _IFF_UP))
_probe.close()
_log = open(os.environ["WEIGHBRIDGE_TEST_ATTEMPTS"], "a", encoding="utf-8", buffering=1)
_NEAR = ("127.", "::1", "localhost", "0.0.0.0", "::", "/")


def _outside(host):
    return isinstance(host, str) and host != "" and not host.startswith(_NEAR)


def _watch(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) and address else address
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        host = arguments[0]
    else:
        return
    if isinstance(host, (bytes, bytearray)):
        host = host.decode(errors="replace")
    if _outside(host):
        _log.write(json.dumps([event, str(host)]) + "\n")


sys.addaudithook(_watch)
"""


@dataclass(frozen=True)
class IsolatedRun:
    """What the snippet did: its process, and each attempt to leave as (audit event, host)."""

    process: subprocess.CompletedProcess[str]
    attempts: list[tuple[str, str]]


@cache
def namespaces_work() -> bool:
    """Say whether this machine lets us make a network namespace."""
    if shutil.which("unshare") is None:
        return False
    return subprocess.run(["unshare", "-rn", "true"], capture_output=True, check=False).returncode == 0


def require_namespaces() -> None:
    """Skip the test, saying so, where `unshare -rn true` fails; nowhere else."""
    if not namespaces_work():
        pytest.skip("`unshare -rn true` fails on this machine, so NOTHING was proved about the network here")


def run_isolated(
    code: str, timeout: float = 120, *, stdin: str | None = None, environ: Mapping[str, str] | None = None
) -> IsolatedRun:
    """Run `code` with this Python from the repository root, in a network namespace of its own.

    Args:
        timeout: in seconds, for the whole run.
        stdin: text to type into it.
        environ: variables on top of this process's own.
    """
    root = Path(__file__).parents[2]
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "attempts.jsonl")
        log.touch()
        process = subprocess.run(
            ["unshare", "-rn", sys.executable, "-c", f"{_PREAMBLE}\n{code}"],
            input=stdin,
            env={**os.environ, **(environ or {}), "WEIGHBRIDGE_TEST_ATTEMPTS": str(log)},
            cwd=root,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        attempts = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    return IsolatedRun(process, [(event, host) for event, host in attempts])
