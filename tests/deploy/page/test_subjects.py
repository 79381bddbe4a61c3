"""Visitors' cookies: signed, not to be made up, valid after a restart."""

import stat
from pathlib import Path

import pytest

from deploy.page.subjects import Subjects, secret


def test_a_cookie_names_its_visitor_and_no_other() -> None:
    subjects = Subjects(b"a" * 32)
    first, second = subjects.made(), subjects.made()
    assert subjects.read(first) == first.partition(".")[0]
    assert subjects.read(first) != subjects.read(second)


@pytest.mark.parametrize("change", [0, 5, -1])
def test_an_altered_cookie_names_nobody(change: int) -> None:
    cookie = Subjects(b"a" * 32).made()
    at = change % len(cookie)
    other = "b" if cookie[at] != "b" else "c"
    assert Subjects(b"a" * 32).read(cookie[:at] + other + cookie[at + 1 :]) is None


@pytest.mark.parametrize(
    "cookie", ["", ".", "x", "visitor.", "é." + "0" * 64, "a" * 22, "a" * 22 + "." + "0" * 64, "a" * 10_000]
)
def test_what_is_no_cookie_names_nobody(cookie: str) -> None:
    assert Subjects(b"a" * 32).read(cookie) is None


def test_another_servers_cookie_names_nobody() -> None:
    assert Subjects(b"b" * 32).read(Subjects(b"a" * 32).made()) is None


def test_the_secret_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "home" / "page.secret"
    made = secret(file)
    assert secret(file) == made and len(made) == 32
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [one.name for one in file.parent.iterdir()] == ["page.secret"]


def test_a_broken_secret_is_named(tmp_path: Path) -> None:
    (tmp_path / "page.secret").write_bytes(b"short")
    with pytest.raises(ValueError, match=r"page\.secret"):
        secret(tmp_path / "page.secret")
