"""The databases of these tests: a file, or a real PostgreSQL server."""

from tests.databases import postgresql, url

__all__ = ["postgresql", "url"]
