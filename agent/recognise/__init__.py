"""Exact recognisers: what a message says, read from its characters alone. They know no language model and no graph.

`recognise` finds every quantity; `candidates` types quantities and phrases by the fact they may state;
`merge` makes one candidate per fact of them. Importing this package reads no file: word lists load on first use.
"""

from agent.recognise.candidates import candidates
from agent.recognise.merge import merge
from agent.recognise.quantities import recognise
from agent.recognise.values import FactCandidate, Quantity

__all__ = ["FactCandidate", "Quantity", "candidates", "merge", "recognise"]
