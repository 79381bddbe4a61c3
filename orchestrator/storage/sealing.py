"""What a client said, as the bytes that are stored: compressed, and sealed with AES-256-GCM where there are keys.

    plain   00 zlib(…)
    sealed  01 length of the key's id, the key's id, 12 bytes of nonce, AES-256-GCM(zlib(…))

A seal is bound to its place (table, column, session, turn), so that rows cannot be swapped. With keys nothing plain is
ever read: a row that somebody slipped in is refused like one that was altered. Knows no database.
"""

import base64
import binascii
import hashlib
import hmac
import json
import os
import re
import zlib
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from orchestrator.contracts import SealedDataRefused

VARIABLE = "LEXHUB_STORAGE_KEYS"
PLAIN, SEALED = b"\x00", b"\x01"
NONCE = 12
LEVEL = 1  # of zlib: a turn is packed while others wait


class Sealing:
    """Seals with the first key, opens with all of them; `keys` are 32 bytes each by id. Without keys nothing is sealed.

    Safe to share between threads.
    """

    def __init__(self, keys: Mapping[str, bytes] | None = None) -> None:
        self._keys = {id.encode(): AESGCM(key) for id, key in (keys or {}).items()}
        self._first = next(iter(self._keys), None)
        # A key of its own for hashes, since one key should do one thing. The last one is for plain rows.
        self._marking = [_derived(key) for key in (keys or {}).values()] + [b"lexhub"]

    @classmethod
    def parse(cls, text: str) -> "Sealing":
        """The keys of `id:base64 of 32 bytes`, with commas between them. Raises ValueError, never repeating a key."""
        keys: dict[str, bytes] = {}
        for number, one in enumerate(filter(None, map(str.strip, text.split(","))), 1):
            id, _, encoded = one.partition(":")
            try:
                key = base64.b64decode(encoded, validate=True)
            except (binascii.Error, ValueError):
                key = b""
            if re.fullmatch(r"[A-Za-z0-9_-]{1,32}", id) is None or len(key) != 32 or id in keys:
                raise ValueError(f"{VARIABLE}: key {number} is not `id:base64 of 32 bytes` with an id of its own")
            keys[id] = key
        return cls(keys)

    @property
    def sealed(self) -> bool:
        """Whether there are keys."""
        return self._first is not None

    def pack(self, value: Any, *place: str | int) -> bytes:
        """`value` (JSON) for this place."""
        return self.seal(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8"), *place)

    def unpack(self, stored: bytes, *place: str | int) -> Any:
        """What `pack` was given. Raises SealedDataRefused."""
        return json.loads(self.open(stored, *place))

    def seal(self, value: bytes, *place: str | int) -> bytes:
        """`value` for this place."""
        packed = zlib.compress(value, LEVEL)
        if self._first is None:
            return PLAIN + packed
        header = SEALED + bytes([len(self._first)]) + self._first
        nonce = os.urandom(NONCE)
        return header + nonce + self._keys[self._first].encrypt(nonce, packed, header + _bytes(place))

    def open(self, stored: bytes, *place: str | int, plain: bool = False) -> bytes:
        """What `seal` was given. `plain` lets plain rows pass although there are keys: only for sealing them.

        Raises SealedDataRefused for a row that is plain, altered, moved from another place or sealed with another key.
        """
        if stored[:1] == PLAIN and (plain or self._first is None):
            packed = stored[1:]
        elif stored[:1] == SEALED:
            packed = self._opened(stored, place)
        else:
            raise SealedDataRefused("存储的数据没有加密,已拒绝读取;确认来源可靠后用 lexhub sessions seal 加密。")
        try:
            return zlib.decompress(packed)
        except zlib.error as error:
            raise SealedDataRefused("存储的数据已损坏,已拒绝读取。") from error

    def current(self, stored: bytes) -> bool:
        """Whether it is as `seal` would make it now: sealed with the first key, or plain where there are none."""
        return key_id(stored) == (self._first.decode() if self._first else "")

    def mark(self, text: str) -> str:
        """A keyed hash, for looking a text up that is not stored in the clear."""
        return self.marks(text)[0]

    def marks(self, text: str) -> list[str]:
        """All hashes under which the text may be stored, those of older keys and of plain rows too."""
        given = text.encode("utf-8", "surrogatepass")
        return [hmac.new(key, given, hashlib.sha256).hexdigest() for key in self._marking]

    def _opened(self, stored: bytes, place: tuple[str | int, ...]) -> bytes:
        id = stored[2 : 2 + stored[1]] if len(stored) > 1 else b""
        if id not in self._keys:
            name = key_id(stored)
            raise SealedDataRefused(f"存储的数据是用密钥 {name!r} 加密的,环境变量 {VARIABLE} 里没有它。")
        header, rest = stored[: 2 + len(id)], stored[2 + len(id) :]
        try:
            return self._keys[id].decrypt(rest[:NONCE], rest[NONCE:], header + _bytes(place))
        except (InvalidTag, ValueError) as error:
            raise SealedDataRefused("存储的数据被改动过或换了位置,已拒绝读取。") from error


def key_id(stored: bytes) -> str:
    """The id of the key that sealed it, empty for what is plain."""
    return stored[2 : 2 + stored[1]].decode("ascii", "replace") if stored[:1] == SEALED and len(stored) > 1 else ""


def new_key(id: str) -> str:
    """A fresh key, as LEXHUB_STORAGE_KEYS takes it."""
    return f"{id}:{base64.b64encode(os.urandom(32)).decode()}"


def _bytes(place: tuple[str | int, ...]) -> bytes:
    return json.dumps(place).encode()


def _derived(key: bytes) -> bytes:
    return hmac.new(key, b"lexhub marks", hashlib.sha256).digest()
