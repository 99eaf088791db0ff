"""Guidance in our own words, its index and its retrieval. It knows no language model and no interview."""
