"""Statutes and cases: import, identifiers and versions, indexes, citation resolving and checking."""
