"""The interview in a terminal: as JSON lines for programs, and with colours for people."""
