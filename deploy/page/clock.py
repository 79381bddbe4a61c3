"""The time of day on the pages: that of Beijing, wherever the server's own clock is set to."""

from datetime import datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8))


def local(seconds: float) -> datetime:
    """The moment (Unix seconds) as people in China write it."""
    return datetime.fromtimestamp(seconds, BEIJING)
