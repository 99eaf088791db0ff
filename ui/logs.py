"""The one logging set-up: to standard error, quiet unless asked. It knows no module's own messages."""

import logging
import sys


def set_up_logging(verbose: int = 0) -> None:
    """Log to standard error: warnings, with -v information, with -vv everything of ours.

    Messages of the user are never logged at any level.
    """
    level = {0: logging.WARNING, 1: logging.INFO}.get(verbose, logging.DEBUG)
    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s", force=True
    )
    for package in ("agent", "knowledge", "models", "tools", "ui"):
        logging.getLogger(package).setLevel(level)
