"""Asking an outside model for a second opinion: what would leave, the agreement to it, and what came back.

Values and functions only. Nothing here knows the graph, a face, the environment or the clock.
"""
