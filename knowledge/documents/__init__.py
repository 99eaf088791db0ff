"""The user's own documents: reading files that may be hostile, keeping and searching them. It knows no interview."""
