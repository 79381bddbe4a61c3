"""deploy.api.speech: which tokens go with which text."""

from deploy.api.speech import Ledger
from models.contracts import Chosen


def tokens(*spelled: bytes) -> tuple[Chosen, ...]:
    return tuple(Chosen(token=one, logprob=-1.0) for one in spelled)


def spelled(taken: tuple[Chosen, ...]) -> list[bytes]:
    return [one.token for one in taken]


def test_tokens_go_with_the_text_that_they_spell() -> None:
    ledger = Ledger()
    ledger.add(tokens("可以".encode(), b"a", "起诉".encode(), b"<end>"))
    assert spelled(ledger.take("可以a")) == ["可以".encode(), b"a"]
    assert spelled(ledger.take("起诉")) == ["起诉".encode()]
    assert ledger.take("") == ()


def test_a_character_of_several_tokens_is_told_when_it_is_whole() -> None:
    one, two, three = (bytes([part]) for part in "律".encode())
    ledger = Ledger()
    ledger.add(tokens(b"x", one))
    assert spelled(ledger.take("x")) == [b"x"]
    ledger.add(tokens(two, three))
    assert spelled(ledger.take("律")) == [one, two, three]


def test_a_token_across_two_sentences_goes_with_the_second() -> None:
    ledger = Ledger()
    ledger.add(tokens("好。请".encode(), "讲".encode()))
    assert spelled(ledger.take("好。")) == []
    assert spelled(ledger.take("请讲")) == ["好。请".encode(), "讲".encode()]


def test_a_token_that_reaches_into_a_dropped_sentence_is_dropped() -> None:
    ledger = Ledger()
    ledger.add(tokens("好".encode(), "。依".encode(), "法".encode(), "。请".encode(), "讲".encode()))
    assert spelled(ledger.take("好。")) == ["好".encode()]
    assert ledger.take("依法。", kept=False) == ()
    assert spelled(ledger.take("请讲")) == ["讲".encode()]


def test_bytes_that_are_no_text_do_not_shift_what_follows() -> None:
    ledger = Ledger()
    ledger.add(tokens(b"a", b"\xff", b"b"))
    assert spelled(ledger.take("a�")) == [b"a", b"\xff"]
    assert spelled(ledger.take("b")) == [b"b"]
