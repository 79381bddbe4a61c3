"""What reaches a log line."""

import logging

from deploy.logs import MaskingFormatter


def test_identity_data_is_masked_in_messages_and_tracebacks() -> None:
    formatter = MaskingFormatter("%(message)s")
    try:
        raise ValueError("电话13812345678")
    except ValueError:
        import sys

        record = logging.LogRecord("x", logging.ERROR, "f", 1, "身份证 %s", ("11010519491231002X",), sys.exc_info())
    line = formatter.format(record)
    assert "13812345678" not in line
    assert "11010519491231002X" not in line
    assert "ValueError" in line
