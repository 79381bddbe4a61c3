"""What reaches a log: no identity data, whoever logs, through whichever handler."""

import io
import json
import logging
import sys
from collections.abc import Iterator

import pytest

from deploy import logs
from deploy.logs import MaskingFormatter
from deploy.masked import masking

MOBILE, IDENTITY = "13812345678", "11010519491231002X"


@pytest.fixture
def masked() -> Iterator[None]:
    """Records of this process mask themselves, as after `install`."""
    factory = logging.getLogRecordFactory()
    logging.setLogRecordFactory(masking(factory))
    yield
    logging.setLogRecordFactory(factory)


@pytest.fixture
def written(masked: None) -> Iterator[tuple[logging.Logger, io.StringIO]]:
    """A logger of somebody else's, with a handler and a formatter of its own."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    logger = logging.getLogger("somebody.elses")
    logger.addHandler(handler)
    logger.propagate = False
    yield logger, stream
    logger.removeHandler(handler)
    logger.propagate = True


def test_identity_data_is_masked_in_messages_and_tracebacks() -> None:
    formatter = MaskingFormatter()
    try:
        raise ValueError(f"电话{MOBILE}")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "f", 1, "身份证 %s", (IDENTITY,), sys.exc_info())
    line = formatter.format(record)
    assert MOBILE not in line
    assert IDENTITY not in line
    assert "ValueError" in line


def test_a_handler_of_somebody_elses_writes_no_more(written: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = written
    logger.warning("reached %s of %d in %.1f ms", MOBILE, 3, 1.25)
    logger.warning("%(who)s from %(where)s", {"who": "原告张建国", "where": "10.0.0.1"})
    logger.warning("%s%s", MOBILE[:5], MOBILE[5:])
    logger.warning("%r %s", f"我{MOBILE[:3]} {MOBILE[3:]}".encode(), json.dumps(f"我{IDENTITY}"))
    logger.warning("%s", ValueError(f"身份证{IDENTITY}"))
    try:
        raise KeyError(f"老婆王秀英,{MOBILE}")
    except KeyError:
        logger.exception("failed")
    text = stream.getvalue()
    for datum in (MOBILE, f"{MOBILE[:3]} {MOBILE[3:]}", IDENTITY, "张建国", "王秀英"):
        assert datum not in text
    assert "of 3 in 1.2 ms" in text
    assert "10.0.0.1" in text
    assert "KeyError" in text and "test_masked.py" in text


def test_the_access_log_of_uvicorn_still_finds_its_five_arguments(masked: None) -> None:
    from uvicorn.logging import AccessFormatter

    formatter = AccessFormatter("%(client_addr)s %(request_line)s %(status_code)s", use_colors=False)
    arguments = ("127.0.0.1:5", "GET", f"/v1/articles/{MOBILE}/1", "1.1", 404)
    made = logging.getLogger("uvicorn.access").makeRecord(
        "uvicorn.access", logging.INFO, "f", 1, '%s - "%s %s HTTP/%s" %d', arguments, None
    )
    line = formatter.format(made)
    assert MOBILE not in line
    assert line.startswith("127.0.0.1:5 GET /v1/articles/")
    assert "404" in line


def test_what_operators_need_stays(written: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = written
    lines = (
        "2026-07-28 12:00:00,123 request 6f1c2d3e4a5b6c7d route=consult status=200 ms=123.4",
        "keeping laws generation 3f2b1c0d9e8f7a6b5c4d3e2f: damaged",
        "model answered in 13812 ms, 18223 tokens, port 50051, pid 1234567",
        "依据《民法典》第六百七十五条,金额50000元,2026年7月28日到期",
    )
    for line in lines:
        logger.warning(line)
    assert stream.getvalue() == "".join(f"WARNING {line}\n" for line in lines)


def test_install_masks_the_whole_process(monkeypatch: pytest.MonkeyPatch, masked: None) -> None:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    logging.setLogRecordFactory(logging.LogRecord)
    try:
        logs.install()
        first = logging.getLogRecordFactory()
        logs.install()
        assert logging.getLogRecordFactory() is first
        record = logging.getLogger("ray.serve").makeRecord("ray.serve", 30, "f", 1, "%s", (MOBILE,), None)
        assert MOBILE not in record.getMessage()
        assert all(isinstance(one.formatter, MaskingFormatter) for one in root.handlers)
    finally:
        root.handlers[:], root.level = handlers, level
