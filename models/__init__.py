"""Adapters to language models and the GGUF catalogue. They know nothing of facts, guidance or the interview."""
