"""Reads a user's message: its intent and the facts it states, each with a verbatim quote. It knows no graph."""
