"""Who a visitor is: a random name in a signed cookie. It says nothing about a person, and cannot be made up."""

import hashlib
import hmac
import os
import re
import secrets
from pathlib import Path

COOKIE = "lexhub_visitor"
LIFE_S = 400 * 24 * 3600  # what browsers keep a cookie for at most
_ID = re.compile(r"[A-Za-z0-9_-]{22}", re.ASCII)


class Subjects:
    """Names of visitors, signed with `secret`."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def made(self) -> str:
        """A new visitor's cookie."""
        id = secrets.token_urlsafe(16)
        return f"{id}.{self._signature(id)}"

    def read(self, cookie: str) -> str | None:
        """The visitor of this cookie; None for one that is not ours."""
        id, _, signature = cookie.partition(".")
        if _ID.fullmatch(id) is None or not hmac.compare_digest(signature.encode(), self._signature(id).encode()):
            return None
        return id

    def _signature(self, id: str) -> str:
        return hmac.new(self._secret, b"visitor\x00" + id.encode(), hashlib.sha256).hexdigest()


def secret(file: Path) -> bytes:
    """What cookies are signed with; made at the first start, for its owner's eyes only. Raises OSError, ValueError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(secrets.token_bytes(32))
        os.link(fresh, file)  # whole or not at all; the first of several replicas wins
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    held = file.read_bytes()
    if len(held) != 32:
        raise ValueError(f"{file}: not a secret of ours; delete it, and visitors begin anew")
    return held
