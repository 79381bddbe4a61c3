"""An account is what a key stands for: its id, what it may do, and how much."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Literal

Right = Literal["consult", "experts", "admin", "metrics"]
PREFIX = "lxh_"


@dataclass(frozen=True)
class Allowance:
    """Requests in a minute, tokens in a day and in a month (Beijing time); None: as many as wanted."""

    per_minute: int | None = None
    per_day: int | None = None
    per_month: int | None = None


@dataclass(frozen=True)
class Account:
    """One caller's account. `id` owns the sessions made with its key, also after the key was rotated.

    `corpora`: the private documents that it may see, whether or not they exist; `expires`: Unix time or None.
    """

    id: str
    name: str
    scopes: tuple[Right, ...]
    corpora: tuple[str, ...] = ()
    allowance: Allowance = Allowance()
    expires: float | None = None


def digest(key: str) -> str:
    """The hex SHA-256 by which a key is known. A key holds 256 random bits, so there is nothing to guess: a slow
    password hash with a salt would make every request slow and no attack harder.
    """
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()


def new_id() -> str:
    """The id of a new key, with which its text begins: public, in lists and reports."""
    return PREFIX + secrets.token_hex(6)


def new_key(id: str) -> str:
    """The text of a key with 256 random bits. Only its digest is ever kept."""
    return f"{id}_{secrets.token_urlsafe(32)}"


def id_of(key: str) -> str:
    """The id that a key's text begins with; empty where it is none of ours."""
    parts = key.split("_", 2)
    return f"{parts[0]}_{parts[1]}" if len(parts) == 3 and parts[0] + "_" == PREFIX else ""
