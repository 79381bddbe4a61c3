"""The database of these settings, opened with the keys of this machine's environment."""

from sqlalchemy import URL

from deploy import settings as config
from deploy.settings import BadSettings, Settings
from orchestrator.storage.database import Database
from orchestrator.storage.sealing import VARIABLE, Sealing


async def open_database(settings: Settings) -> Database:
    """Open it. Raises StorageFailed, and BadSettings for keys that are not good, or missing in a cluster."""
    return await Database.open(url(settings), sealing(settings))


def url(settings: Settings) -> str | URL:
    """Where the database is."""
    if settings.sessions == "sqlite":
        return URL.create("sqlite", database=str(settings.home / "sessions.sqlite"))
    return settings.sessions


def sealing(settings: Settings) -> Sealing:
    """What sessions are sealed with. Raises BadSettings."""
    try:
        made = Sealing.parse(config.storage_keys())
    except ValueError as error:
        raise BadSettings(str(error)) from error
    if settings.profile == "cluster" and not made.sealed:
        raise BadSettings(f"a cluster seals what it stores: set {VARIABLE} to the output of `lexhub sessions key`")
    return made
