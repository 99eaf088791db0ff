"""The interview: graph, reading, prompts. It knows no screen and no terminal."""
