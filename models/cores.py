"""How many threads the engine should use on this machine. It knows no engine."""

import os
from pathlib import Path

_MOST_THREADS = 16
_CPUS = Path("/sys/devices/system/cpu")
_QUOTA = Path("/sys/fs/cgroup/cpu.max")


def default_threads() -> int:
    """Physical cores this process may use: a second thread on the same core slows the engine down."""
    usable = _usable_cpus()
    cores = {_siblings(cpu) for cpu in usable}
    return max(1, min(len(cores), _quota() or len(cores), _MOST_THREADS))


def _usable_cpus() -> list[int]:
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


def _siblings(cpu: int) -> str:
    """The list of threads that share this one's core; where the system does not say, each is alone."""
    try:
        return (_CPUS / f"cpu{cpu}/topology/thread_siblings_list").read_text(encoding="ascii").strip()
    except OSError:
        return str(cpu)


def _quota() -> int | None:
    """Whole processors a container may use, where it is limited."""
    try:
        quota, period = _QUOTA.read_text(encoding="ascii").split()
    except (OSError, ValueError):
        return None
    return None if quota == "max" else max(1, int(quota) // int(period))
