"""Papers in Markdown: labels and front matter, every block, and no text that takes effect."""

import json
import re

import pytest
import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from orchestrator.papers.label import VISIBLE, aigc
from orchestrator.papers.markdown import render
from orchestrator.papers.paper import Items, Paragraph, Quote, Table
from tests.orchestrator.papers.papers import EMOJI, HOSTILE, MARKS, PRODUCER, SENTENCES, WHOLE, paper

PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def body(text: str) -> str:
    return text.split("---\n", 2)[2]


def tokens(text: str) -> list[Token]:
    flat: list[Token] = []
    for token in PARSER.parse(body(text)):
        flat += [token, *(token.children or [])]
    return flat


def words(text: str) -> str:
    """All that a reader sees."""
    shown = [token.content for token in tokens(text) if token.type in ("text", "code_block", "fence", "text_special")]
    return "".join(shown)


def test_the_front_matter_is_yaml_and_carries_the_aigc_label() -> None:
    head = yaml.safe_load(render(HOSTILE).split("---\n", 2)[1])
    assert head["title"] == HOSTILE.title.replace(":", "：")
    assert head["AIGC"] == aigc(PRODUCER, "会话-1")
    [line] = [line for line in render(HOSTILE).splitlines() if line.startswith("AIGC: ")]
    assert json.loads(line.removeprefix("AIGC: ")) == aigc(PRODUCER, "会话-1")


def test_the_visible_label_stands_at_head_and_foot() -> None:
    lines = body(render(WHOLE)).strip().splitlines()
    assert lines[:3] == ["# 法律咨询报告", "", f"> **AI生成** {VISIBLE}"]
    assert lines[-1] == VISIBLE


def test_every_sentence_is_there_in_order() -> None:
    shown, at = words(render(WHOLE)), 0
    for sentence in SENTENCES:
        at = shown.index(sentence, at) + len(sentence)


def test_blocks_become_what_they_are() -> None:
    kinds = [token.type for token in tokens(render(WHOLE))]
    assert [kinds.count(kind) for kind in ("heading_open", "bullet_list_open", "ordered_list_open", "table_open")] == [
        4, 2, 1, 2,
    ]  # fmt: skip
    assert kinds.count("blockquote_open") == 2
    assert kinds.count("hr") == 2
    text = render(WHOLE)
    assert "\n- [ ] 身份证\n- [ ] 户口簿\n" in text
    assert "\n1. 先催要\n2. 再起诉\n" in text
    assert "\n**先说结论：可以起诉。**\n" in text
    assert "\n|  |  |\n|---|---|\n| 案由 | 民间借贷 |\n" in text


def test_lists_that_follow_each_other_stay_two() -> None:
    kinds = [token.type for token in tokens(render(paper(*[Items(rows=("甲", "乙"), marks="number")] * 2)))]
    assert kinds.count("ordered_list_open") == 2


def test_nothing_hostile_takes_effect_and_nothing_is_lost() -> None:
    made = tokens(render(HOSTILE))
    html = {token.content for token in made if token.type.startswith("html")}
    assert html <= {"<br>", "<!-- -->\n"}
    assert not {"link_open", "em_open", "image", "s_open", "code_inline"} & {token.type for token in made}
    assert [token.type for token in made].count("heading_open") == 3
    for line in MARKS.splitlines():
        assert words(render(HOSTILE)).count(line) == 4, line  # paragraph, quotation, list and table
    assert EMOJI in render(HOSTILE)
    assert "\x00" not in render(HOSTILE)


@pytest.mark.parametrize(
    "text", [MARKS, "    四个空格", "```\n里面\n````", "- 甲", "甲\n===", "https://a.example", "行尾空格 "]
)
def test_a_quotation_that_markdown_would_act_on_is_shown_byte_for_byte(text: str) -> None:
    [fence] = [token for token in tokens(render(paper(Quote(text=text)))) if token.type == "fence"]
    assert fence.content == text + "\n"


def test_a_plain_quotation_keeps_its_lines_apart() -> None:
    text = render(paper(Quote(text="第一款。\n第二款。")))
    assert "\n> 第一款。\n>\n> 第二款。\n" in text


def test_the_clients_text_is_no_url() -> None:
    # Readers that make links of bare addresses look for exactly these beginnings.
    text = render(paper(Paragraph(text="看 https://a.example 和 www.b.example 或 a@b.example")))
    assert not {"https://", "www.", "a@"} & set(re.findall(r"https?://|www\.|a@", body(text)))
    assert "看 https://a.example 和 www.b.example 或 a@b.example" in words(text)


def test_an_empty_table_leaves_nothing() -> None:
    assert "|" not in render(paper(Table(rows=()), Table(rows=((), ()))))
