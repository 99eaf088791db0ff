"""The script that every panel of the page shares. It knows no panel."""

from importlib.resources import files


def _static(name: str) -> str:
    return files("ui.page").joinpath("static", name).read_text(encoding="utf-8")


PANEL_SCRIPT = _static("panels.js")
IMPORT_SCRIPT = _static("import.js")
