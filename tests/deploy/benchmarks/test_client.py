import json

import pytest

from deploy.benchmarks.engine.client import BadStream, read


def event(text: str = "", **values: object) -> bytes:
    choices = [{"index": 0, "delta": {"content": text} if text else {}, "finish_reason": None}]
    return f"data: {json.dumps({'choices': choices, **values}, ensure_ascii=False)}\n\n".encode()


USAGE = b'data: {"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 12}}\n\n'
DONE = b"data: [DONE]\n\n"


def test_arrivals_are_the_moments_at_which_text_was_whole() -> None:
    body = event("你好")
    pieces = [(1.0, event()), (2.0, body[:20]), (3.0, body[20:] + event("再见\n")), (4.0, USAGE + DONE)]
    answer = read(0.5, pieces)
    assert answer.timeline.sent == 0.5
    assert answer.timeline.arrivals == (3.0, 3.0, 4.0)  # two events with text, and the end
    assert (answer.timeline.prompt, answer.timeline.tokens) == (7, 12)
    assert answer.characters == 5


def test_an_error_in_the_stream_is_raised() -> None:
    with pytest.raises(BadStream, match="model_unavailable"):
        read(0.0, [(1.0, event("你")), (2.0, b'data: {"error": {"code": "model_unavailable"}}\n\n')])


def test_a_stream_that_ends_early_is_no_answer() -> None:
    with pytest.raises(BadStream):
        read(0.0, [(1.0, event("你"))])


def test_an_answer_whose_text_was_dropped_arrives_with_its_end() -> None:
    assert read(0.0, [(1.5, DONE)]).timeline.arrivals == (1.5,)
