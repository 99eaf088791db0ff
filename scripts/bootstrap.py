#!/usr/bin/env python3
"""Starts the set-up with a Python that is new enough; knows nothing of what the set-up does.

Standard library only, and written so that old Pythons can still read it and say what they lack.
"""

import os
import subprocess
import sys

OLDEST = (3, 11)
CANDIDATES = ("python3", "python3.13", "python3.12", "python3.11", "python3.14", "python")
CAPABLE = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))"
CHOSEN = "WEIGHBRIDGE_SET_UP_PYTHON"


def is_capable(python):
    """Say whether this command starts a Python that can make the virtual environment."""
    try:
        done = subprocess.run([python, "-c", CAPABLE], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except OSError:
        return False
    return done.returncode == 0


def better_python(candidates=CANDIDATES):
    """Return the first command on PATH that starts a capable Python, or None."""
    return next((name for name in candidates if is_capable(name)), None)


def can_make_environments():
    """Say whether this very Python has the parts that a virtual environment needs."""
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        return False
    return True


def main(arguments):
    """Run the set-up here, or hand over to a better Python on PATH."""
    if sys.version_info < OLDEST or not can_make_environments():
        other = None if CHOSEN in os.environ else better_python()
        if other is not None:
            os.environ[CHOSEN] = other
            os.execvp(other, [other, os.path.abspath(__file__)] + list(arguments))  # noqa: PTH100, RUF005
        if sys.version_info < OLDEST:
            found = f"{sys.version_info[0]}.{sys.version_info[1]} ({sys.executable})"
            sys.stderr.write(
                "Weighbridge needs Python 3.11 or newer; this is " + found + " and no newer one is on PATH. "
                "Install one, or name it: make run PYTHON=/path/to/python3\n"
            )
            return 3
    from set_up.main import main as set_up

    return set_up(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
