"""What tools say of themselves, and how they read what they are given."""

import re
from typing import Any

import pytest

from deploy.mcp import server
from deploy.mcp.tools import get_article
from deploy.sdk import LexhubError

CHINESE = re.compile("[一-龥]")


@pytest.mark.parametrize("tool", server.described(), ids=lambda tool: tool.name)
def test_a_tool_describes_itself_and_every_input_in_chinese(tool: Any) -> None:
    assert CHINESE.search(tool.description)
    assert CHINESE.search(tool.title)
    assert tool.input_schema["additionalProperties"] is False
    for name, one in tool.input_schema["properties"].items():
        assert CHINESE.search(one.get("description", "")), name
    assert {"notice", "reaches"} <= tool.output_schema["properties"].keys()


def test_tools_only_read_but_for_the_consultation_that_they_hold() -> None:
    writing = {tool.name for tool in server.described() if not tool.annotations.read_only_hint}  # type: ignore[union-attr]
    assert writing == {"consult"}
    assert not any(tool.annotations.destructive_hint for tool in server.described())  # type: ignore[union-attr]
    assert not any(tool.annotations.open_world_hint for tool in server.described())  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("1079", "1079"),
        ("第1079条", "1079"),
        ("第一千零七十九条", "1079"),
        ("133-1", "133-1"),
        ("第一百三十三条之一", "133-1"),
        ("第133条之1", "133-1"),
        (" 第 七 条 ", "7"),
    ],
)
def test_numbers_of_articles_are_read_in_any_writing(written: str, plain: str) -> None:
    assert get_article.plain(written) == plain


@pytest.mark.parametrize("written", ["", "条", "第条", "一二十", "1.5", "1079 款", "-1", "第七条第二款"])
def test_what_is_no_number_is_refused(written: str) -> None:
    with pytest.raises(LexhubError) as refused:
        get_article.plain(written)
    assert (refused.value.code, refused.value.param) == ("invalid_request", "number")
