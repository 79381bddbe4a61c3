"""A running server, as commands call it: what fails is one line for the terminal."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deploy.sdk import Lexhub


@contextmanager
def server(url: str | None, key: str | None = None) -> "Iterator[Lexhub]":
    """A client of the server at `url`, by default the one of this machine; the key is $LEXHUB_API_KEY by default.

    Raises BadSettings, also for what fails inside the block, with what the server says or that there is none.
    """
    from deploy import settings
    from deploy.sdk import Lexhub, LexhubError
    from deploy.settings import BadSettings

    where = url or settings.local_url()
    try:
        with Lexhub(where, settings.own_key() if key is None else key, timeout=30, retries=0) as client:
            yield client
    except LexhubError as error:
        if error.status == 0 and error.code != "invalid_request":
            raise BadSettings(f"{where} 没有应答:{error.message}") from error
        hint = "有权限的密钥放在环境变量 LEXHUB_API_KEY 中。" if error.status in (401, 403) else ""
        raise BadSettings(f"{where}:{error}{hint}") from error
