"""What the reader must know beside the verdict, each finding with its source. It decides nothing.

One module per axis holds the rules; `situation.py` is what they look at, `collect.py` runs them all.
"""

from tools.findings.collect import findings_for

__all__ = ["findings_for"]
