"""Seals: what is opened, what is refused, rotation."""

import base64
import os

import pytest

from orchestrator.contracts import SealedDataRefused
from orchestrator.storage.sealing import VARIABLE, Sealing, key_id, new_key

ONE, TWO = new_key("one"), new_key("two")
WORDS = "张三丰欠我三万二" * 20
PLACE = ("turns.content", "session", 3)


def test_what_is_sealed_comes_back_and_cannot_be_read() -> None:
    sealing = Sealing.parse(ONE)
    stored = sealing.pack({"text": WORDS}, *PLACE)
    assert sealing.unpack(stored, *PLACE) == {"text": WORDS}
    assert b"text" not in stored
    assert "张三丰".encode() not in stored
    assert stored != sealing.pack({"text": WORDS}, *PLACE)
    assert len(stored) < 150


@pytest.mark.parametrize(
    "place", [("turns.events", "session", 3), ("turns.content", "other", 3), ("turns.content", "session", 4)]
)
def test_a_row_out_of_its_place_is_refused(place: tuple[str, str, int]) -> None:
    sealing = Sealing.parse(ONE)
    with pytest.raises(SealedDataRefused) as raised:
        sealing.open(sealing.seal(b"x", *PLACE), *place)
    assert raised.value.code == "sealed_data_refused"


def test_no_byte_can_be_altered_or_cut() -> None:
    sealing = Sealing.parse(ONE)
    stored = sealing.seal(b"a few words", *PLACE)
    for at in range(len(stored)):
        with pytest.raises(SealedDataRefused):
            sealing.open(stored[:at] + bytes([stored[at] ^ 1]) + stored[at + 1 :], *PLACE)
        with pytest.raises(SealedDataRefused):
            sealing.open(stored[:at], *PLACE)


def test_with_keys_nothing_plain_is_read_but_to_seal_it() -> None:
    plain = Sealing().pack("x", *PLACE)
    assert Sealing().unpack(plain, *PLACE) == "x"
    sealing = Sealing.parse(ONE)
    with pytest.raises(SealedDataRefused, match="没有加密"):
        sealing.unpack(plain, *PLACE)
    assert sealing.open(plain, *PLACE, plain=True) == b'"x"'


def test_a_missing_key_is_named() -> None:
    stored = Sealing.parse(ONE).seal(b"x", *PLACE)
    for sealing in (Sealing(), Sealing.parse(TWO)):
        with pytest.raises(SealedDataRefused, match=f"'one'.*{VARIABLE}"):
            sealing.open(stored, *PLACE)


def test_the_first_key_seals_and_all_open() -> None:
    old, both = Sealing.parse(ONE), Sealing.parse(f"{TWO},{ONE}")
    stored = old.seal(b"x", *PLACE)
    assert both.open(stored, *PLACE) == b"x"
    assert (both.current(stored), old.current(stored)) == (False, True)
    assert key_id(both.seal(b"x", *PLACE)) == "two"
    assert old.mark("甲") in both.marks("甲")
    assert both.mark("甲") not in old.marks("甲")
    assert Sealing().mark("甲") in both.marks("甲")


SHORT = base64.b64encode(os.urandom(16)).decode()


@pytest.mark.parametrize(
    "text", ["one", f"one:{SHORT}", "one:=", f"{ONE},{ONE}", f":{ONE[4:]}", f"两:{ONE[4:]}", f"{ONE};{TWO}"]
)
def test_bad_keys_are_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(ValueError, match=VARIABLE) as raised:
        Sealing.parse(text)
    assert SHORT not in str(raised.value)
    assert ONE[4:] not in str(raised.value)


def test_no_keys() -> None:
    assert not Sealing.parse("").sealed
    assert not Sealing.parse(" , ").sealed
    assert Sealing.parse(f" {ONE} , {TWO},").sealed
