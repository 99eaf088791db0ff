"""The nodes of the interview, one kind of work a file. A node returns a part of the state."""
