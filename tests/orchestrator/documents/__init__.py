"""Papers: what they say for realistic matters of every field."""
