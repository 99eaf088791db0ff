"""Facts that the user's own documents state: read, offered, never stored unasked. It knows no file format."""
