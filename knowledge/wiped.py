"""Has the C library fill fresh memory while files are written from it. It knows no file and no index.

Chroma writes its vector index from memory that nobody has cleared: bytes of a text that was read earlier, of a
removed document too, were found in the new index's file. glibc can overwrite memory as it hands it out.
"""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager

# M_PERTURB of malloc.h, and the byte whose complement fresh memory is filled with.
_M_PERTURB = -6
_FILL = 0x5A


@contextmanager
def wiped_memory() -> Iterator[None]:
    """Fill fresh memory as long as this is open; a C library without the switch is left as it is."""
    try:
        switch = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):  # macOS, musl, Windows
        yield
        return
    switch(_M_PERTURB, _FILL)
    try:
        yield
    finally:
        switch(_M_PERTURB, 0)
