"""Sends what the llama.cpp engine prints to logging instead of standard error. It knows no model."""

import ctypes
import logging
from functools import cache
from typing import Any

log = logging.getLogger("llama.cpp")


@cache
def quiet_engine() -> Any:
    """Install the callback once; the cache keeps it alive, since the engine holds only a bare pointer."""
    import llama_cpp

    @llama_cpp.llama_log_callback  # type: ignore[untyped-decorator, unused-ignore]
    def pass_on(level: int, text: bytes, user_data: ctypes.c_void_p) -> None:
        message = text.decode("utf-8", "replace").rstrip()
        if message.strip("."):
            log.debug("%s", message)

    llama_cpp.llama_log_set(pass_on, ctypes.c_void_p(0))
    return pass_on
