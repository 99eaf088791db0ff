"""Keeps what a native library prints off standard output, which belongs to the caller. It knows no library.

HiGHS as scipy 1.17 carries it prints a line of its own workings now and then, whatever its options say; in front
of `assess --json` that would be an unreadable file.
"""

import contextlib
import ctypes
import os
import sys
import threading
from collections.abc import Iterator

_STDOUT, _STDERR = 1, 2
_one_at_a_time = threading.Lock()


@contextlib.contextmanager
def native_output_to_stderr() -> Iterator[None]:
    """Send the process's standard output to standard error meanwhile (nothing is lost, other threads' included)."""
    with _one_at_a_time:
        try:
            sys.stdout.flush()
            kept = os.dup(_STDOUT)
        except (OSError, ValueError, AttributeError):  # closed or replaced: nothing can be spoilt
            yield
            return
        try:
            _flush_native()
            with contextlib.suppress(OSError):  # standard error may be closed
                os.dup2(_STDERR, _STDOUT)
            yield
        finally:
            _flush_native()
            os.dup2(kept, _STDOUT)
            os.close(kept)


def _flush_native() -> None:
    """Write out what C code has buffered, where the C library can be reached."""
    with contextlib.suppress(OSError, TypeError, AttributeError):
        ctypes.CDLL(None).fflush(None)
