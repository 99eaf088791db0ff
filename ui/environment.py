"""The environment switches that keep libraries quiet and local. It imports nothing heavy and reads nothing.

The switches work only when they are set before the libraries are imported, so `quieten` is the first thing
that the command line and the tests call.
"""

from collections.abc import MutableMapping

# Overridden, whatever the user's shell says: each of them would let bytes leave the machine or let a crafted
# checkpoint run code, and "private by default" is a promise of the product, not of the shell.
_FORCED = {
    "ANONYMIZED_TELEMETRY": "False",
    "DO_NOT_TRACK": "1",
    "GRADIO_ANALYTICS_ENABLED": "False",
    # `launch()` opens a public tunnel when this is true, even where the code says nothing about sharing.
    "GRADIO_SHARE": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",
    # langsmith asks TRACING_V2 before TRACING and LANGSMITH_ before LANGCHAIN_: one left alone would win.
    "LANGCHAIN_TRACING": "false",
    "LANGCHAIN_TRACING_V2": "false",
    "LANGSMITH_TRACING": "false",
    "LANGSMITH_TRACING_V2": "false",
    # CVE-2026-28277: without it a crafted session file runs code when it is loaded.
    "LANGGRAPH_STRICT_MSGPACK": "true",
    # The wheels of onnxruntime since 1.29 report to Microsoft a few seconds after the import.
    "ORT_DISABLE_TELEMETRY": "1",
}

# Set only where the user has not chosen: they change speed, not what leaves.
_DEFAULTS = {
    # libgomp's spinning makes the model twenty times slower as soon as anything else runs.
    "GOMP_SPINCOUNT": "1000",
}

# Removed: with it the Anthropic SDK writes whole requests to standard error.
_REMOVED = ("ANTHROPIC_LOG",)


def quieten(environ: MutableMapping[str, str]) -> None:
    """Turn off telemetry, tracing, sharing and downloads in `environ`, and set speed defaults."""
    environ.update(_FORCED)
    for name, value in _DEFAULTS.items():
        environ.setdefault(name, value)
    for name in _REMOVED:
        environ.pop(name, None)
