"""The tools, the guidance and the facts over the Model Context Protocol, for the user's own assistants."""
