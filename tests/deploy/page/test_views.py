"""The views: what each shows, and that nothing from outside takes effect in any of them."""

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.page.texts import LANGS, Lang, text
from deploy.page.views import (
    ACTIONS,
    LOCAL,
    actions,
    article,
    cases,
    citations,
    documents,
    errors,
    facts,
    history,
    notices,
    questions,
    thoughts,
)  # fmt: skip
from models.contracts import SimilarCase
from orchestrator.contracts import Citation, Fact, InternalPassage, Question, TraceEntry
from retrievers.contracts import Case, Passage, Successor
from tests.deploy.page import samples
from tests.deploy.page.gallery import LISTED, TITLES, Entry

VOID = {"input", "br", "path", "rect"}
HOSTILE = (
    '<img src=x onerror="alert(1)">', "</textarea><script>alert(1)</script>", "\" onfocus=alert(1) x=\"", "'><b>",
    "{{ 7 * 7 }} {% for %} ${1} `", "javascript:alert(1)", "&lt;script&gt;", "]]>--><!--", "\x00\u202e\u200b", "",
)  # fmt: skip


class Read(HTMLParser):
    """The elements, attributes and text of a piece of HTML; raises on what is not well nested."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs)
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    @property
    def shape(self) -> list[tuple[str, tuple[str, ...]]]:
        return [(tag, tuple(attrs)) for tag, attrs in self.tags]


def every(words: str, lang: Lang) -> dict[str, str]:
    """All views, with these words wherever a text comes from outside."""
    question = Question(
        id="q", text=words, why=words or "-", options=(words,) if words not in ("不清楚", "跳过", "") else ()
    )
    fact = Fact(id="f", label=words, value=words, source="reply", changed=True, read=False)
    citation = Citation(id="民法典#1", law=words, article=words, version="", digest=words, status="digest")
    passage = Passage(
        id="a#1", law=words, article=words, number=1, kind="digest", text=words, status="repealed", version=words or "-",
        changed_by=words or "-", successor=Successor(law=words, id="a#2"), category=words or "-", part=words or "-",
        chapter=words or "-", source=words or "-",
    )  # fmt: skip
    similar = SimilarCase(id=words, title=words, label=words, outcome=words, alike=words or "-", differs=words or "-")
    case = Case(
        id=words, title=words, kind="judgment", facts=words or "-", issue=words or "-", outcome=words or "-",
        reasoning=words or "-", court=words or "-", number=words or "-", cause=words or "-", articles=(words or "-",), year=1,
    )  # fmt: skip
    step = TraceEntry(step="answer", note=words, model=words, ms=3)
    return {
        "questions": questions.chips([question], lang),
        "facts": facts.sheet([fact], lang),
        "settled": facts.sheet([fact], lang, editable=False),
        "citations": citations.chips([citation], lang),
        "article": article.drawer(passage, lang, [passage, passage.model_copy(update={"id": "b#1"})]),
        "cases": cases.cards([similar], lang),
        "case": cases.drawer(case, lang),
        "history": history.items([Entry("x", "normal", 0.0)], lang, {"x": words.strip() or "-"}, "x"),
        "errors": errors.card(words or "-", words or "-", words or "-", lang, 2),
        "documents": documents.passages([InternalPassage(corpus=words, file=words, place=words, quote=words)], lang),
        "actions": actions.bar(1, words, lang, "up"),
        "thought": f"<p>{thoughts.title(step, lang)}{thoughts.content(step)}</p>",
    }


SHAPES = {lang: {name: Read(html).shape for name, html in every("词语", lang).items()} for lang in LANGS}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("words", HOSTILE, ids=lambda words: repr(words)[:24])
def test_words_from_outside_are_only_words(words: str, lang: Lang) -> None:
    for name, html in every(words, lang).items():
        shape = Read(html).shape
        if words:  # without words there are fewer quick replies
            assert shape == SHAPES[lang][name], name


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=40))
def test_any_words_are_only_words(words: str) -> None:
    if words in ("不清楚", "跳过"):
        return
    for name, html in every(words, "zh").items():
        assert Read(html).shape == SHAPES["zh"][name], name


def shown(lang: Lang) -> dict[str, str]:
    """All views with the data of a real consultation."""
    return {
        "header": notices.header(lang),
        "footer": notices.footer(lang),
        "welcome": notices.welcome(lang),
        "emergency": notices.emergency(lang),
        "skeleton": notices.skeleton(lang),
        "questions": questions.chips(samples.QUESTIONS, lang),
        "facts": facts.sheet(samples.FACTS, lang),
        "settled": facts.sheet(samples.FACTS, lang, editable=False),
        "citations": citations.chips(samples.CITATIONS, lang),
        "article": article.drawer(samples.ARTICLE, lang, [samples.ARTICLE, samples.OLD]),
        "old": article.drawer(samples.OLD, lang),
        "cases": cases.cards(samples.CASES, lang),
        "case": cases.drawer(samples.CASE, lang),
        "history": history.items(LISTED, lang, TITLES, "one"),
        "errors": errors.card("session_busy", "会话正忙。", "r-1", lang, 2),
        "documents": documents.passages(samples.DOCUMENTS, lang),
        "actions": actions.bar(1, samples.ANSWER, lang, "up"),
    }


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", shown("zh"))
def test_elements_say_what_they_are(name: str, lang: Lang) -> None:
    read = Read(shown(lang)[name])
    for tag, attrs in read.tags:
        assert (attrs.get("data-action") or "reply") in ACTIONS
        assert (attrs.get("data-local") or "copy") in LOCAL
        if "data-action" in attrs:
            assert tag in ("button", "form")
        if tag == "button":
            assert attrs["type"] in ("button", "submit")
        assert not any(key.startswith("on") or key in ("style", "src") for key in attrs)
        assert re.fullmatch("tel:[0-9]+", attrs.get("href") or "tel:1")
    ids = [attrs["id"] for _, attrs in read.tags if "id" in attrs]
    assert len(ids) == len(set(ids))


EMPTY: dict[str, Callable[[Lang], str]] = {
    "questions": lambda lang: questions.chips([], lang),
    "facts": lambda lang: facts.sheet([], lang),
    "citations": lambda lang: citations.chips([], lang),
    "cases": lambda lang: cases.cards([], lang),
    "documents": lambda lang: documents.passages([], lang),
}


@pytest.mark.parametrize("name", EMPTY)
def test_nothing_is_shown_of_nothing(name: str) -> None:
    assert EMPTY[name]("zh") == ""


def test_every_question_can_be_passed_over_once() -> None:
    radios = [
        attrs for tag, attrs in Read(shown("en")["questions"]).tags if tag == "input" and attrs["type"] == "radio"
    ]
    assert [one["value"] for one in radios if one["name"] == "admitted"] == [
        "承认过",
        "没有承认或改口",
        "不清楚",
        "跳过",
    ]


def test_a_fact_that_was_changed_and_one_that_was_not_read_say_so() -> None:
    html = shown("zh")["facts"]
    assert html.count("已修改") == 1
    assert "照原话记下" in html
    fields = [attrs["name"] for tag, attrs in Read(html).tags if tag == "textarea"]
    assert fields == [fact.id for fact in samples.FACTS]


def test_citations_stand_by_law_with_what_they_rest_on() -> None:
    html = shown("zh")["citations"]
    buttons = [attrs for tag, attrs in Read(html).tags if tag == "button"]
    assert next((one["data-law"], one["data-number"]) for one in buttons) == ("民法典", "675")
    assert ("刑法", "133-1") in [(one["data-law"], one["data-number"]) for one in buttons]
    assert html.index("已核对原文") < html.index("第675条") < html.index("要旨(非原文)") < html.index("第1064条")
    assert "第133条之1" in html


def test_the_same_article_is_one_citation() -> None:
    twice = citations.chips([samples.CITATIONS[0], samples.CITATIONS[0]], "zh")
    assert twice.count("data-action") == 1


def test_a_question_with_several_answers_lets_choose_several() -> None:
    asked = Question(
        id="fault",
        text="?",
        why="?",
        options=("家暴", "赌博", "都没有", "不清楚", "跳过"),
        several=True,
        alone=("都没有", "不清楚", "跳过"),
    )
    made = questions.chips([asked], "zh")
    alone = re.findall(r'type="checkbox" name="fault" value="([^"]+)"( data-alone)?', made)
    assert [(value, bool(mark)) for value, mark in alone] == [
        ("家暴", False), ("赌博", False), ("都没有", True), ("不清楚", True), ("跳过", True)
    ]  # fmt: skip
    assert text("questions.several", "zh") in made and 'type="radio"' not in made


def test_what_is_asked_beside_has_replies_of_its_own() -> None:
    made = questions.chips(samples.QUESTIONS[1:], "zh")
    assert made.count("催过他吗?") == 1
    assert made.index("承认过这笔钱是借的吗?") < made.index('name="admitted"') < made.index("催过他吗?")
    assert made.index("催过他吗?") < made.index('name="demand"')
    assert made.count('type="text"') == 2


def test_an_article_says_its_version_and_status() -> None:
    official, old = Read(shown("zh")["article"]).text, Read(shown("zh")["old"]).text
    for words in ("现行有效", "官方原文", "2020-05-28 通过", "2021-01-01 起", "第十二章 借款合同"):
        assert words in official
    for words in ("已废止", "要旨(非原文)", "不是官方原文", "1999-10-01 起，至 2021-01-01 前", "现在适用", "第675条"):
        assert words in old


def test_a_drawer_is_a_dialog_with_a_name() -> None:
    for name in ("article", "case"):
        dialog = [attrs for _, attrs in Read(shown("zh")[name]).tags if attrs.get("role") == "dialog"]
        assert dialog[0]["aria-modal"] == "true"
        assert any(attrs.get("id") == dialog[0]["aria-labelledby"] for _, attrs in Read(shown("zh")[name]).tags)


def test_invented_cases_say_so_everywhere() -> None:
    assert Read(shown("zh")["cases"]).text.count("教学案例，虚构") == len(samples.CASES)
    assert "虚构教学案例" in Read(shown("zh")["case"]).text


def test_the_notice_and_the_hotline_are_in_both_languages() -> None:
    assert "AI生成，仅供参考，不构成律师意见" in Read(notices.footer("zh")).text
    assert "AI-generated" in Read(notices.footer("en")).text
    for lang in LANGS:
        for name in ("footer", "skeleton", "header"):
            assert "12348" in Read(shown(lang)[name]).text


def test_only_an_opinion_can_be_reported_on() -> None:
    assert 'data-action="report"' in actions.bar(1, "答复", "zh")
    bare = actions.bar(1, "答复", "zh", report=False)
    assert 'data-action="report"' not in bare
    assert 'data-action="paper"' not in bare


def test_an_error_has_its_code_and_its_request() -> None:
    words = Read(errors.card("some_code", "出错了。", "req-9", "zh", 1.2)).text
    for one in ("some_code", "req-9", "出错了。", "2 秒"):
        assert one in words


@pytest.mark.parametrize(("ms", "told"), [(0, ""), (0.4, "<1 ms"), (80.6, "81 ms"), (2404, "2.4 s")])
def test_durations(ms: float, told: str) -> None:
    assert thoughts.duration(ms) == told


def test_a_thought_is_named_in_the_pages_words() -> None:
    assert (
        thoughts.title(TraceEntry(step="articles", note="", model="ngram", ms=81), "zh") == "检索法条 · ngram · 81 ms"
    )
    assert thoughts.title(TraceEntry(step="own_step", note=""), "en") == "own_step"
