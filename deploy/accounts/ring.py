"""The keys as a replica knows them: those of the settings, and those of the database at its last look."""

import hmac
import time
from collections.abc import Sequence

from deploy.accounts.account import Account, Allowance, digest, id_of
from deploy.accounts.keys import Key
from deploy.settings import Settings

_NOBODY = digest("")  # what an unknown id is compared with, so that it takes as long


class Ring:
    """Finds the account of a key's text. Comparisons take the same time whatever the text is."""

    def __init__(self, settings: Settings) -> None:
        self._fixed = [
            (
                key.sha256,
                Account(
                    key.name,
                    key.name,
                    key.scopes,
                    tuple(name for name, keys in settings.corpora.items() if key.name in keys),
                    Allowance(key.per_minute, key.per_day, key.per_month),
                ),
            )
            for key in settings.api_keys
        ]
        self._kept: dict[str, Key] = {}

    def replace(self, keys: Sequence[Key]) -> None:
        """Know these keys of the database from now on."""
        self._kept = {key.account.id: key for key in keys}

    @property
    def empty(self) -> bool:
        """No key was ever made: then, and only then, callers on loopback need none."""
        return not self._fixed and not self._kept

    def named(self) -> dict[str, str]:
        """The name of every account by its id."""
        fixed = {account.id: account.name for _, account in self._fixed}
        return fixed | {id: key.account.name for id, key in self._kept.items()}

    def limited(self) -> list[str]:
        """The ids of the accounts that have a rate or a quota."""
        accounts = [account for _, account in self._fixed] + [key.account for key in self._kept.values()]
        return [account.id for account in accounts if account.allowance != Allowance()]

    def account(self, text: str) -> Account | None:
        """The account of a key's text; None where it is unknown, revoked or past its time."""
        given, now = digest(text), time.time()
        found: Account | None = None
        for known, account in self._fixed:
            if hmac.compare_digest(known, given):
                found = account
        key = self._kept.get(id_of(text))
        for known, until in key.digests if key else ((_NOBODY, 0.0),):
            same = hmac.compare_digest(known, given)
            if same and key is not None and key.open(now) and (until is None or now < until):
                found = key.account
        return found
