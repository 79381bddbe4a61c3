"""Links from an answer to its articles and cases, and the list of what an earlier answer rests on."""

import re
from urllib.parse import unquote

from deploy.page import sources
from deploy.page.conversing import Conversing, Exchange
from models.contracts import SimilarCase
from orchestrator.contracts import Citation, InternalPassage, Reply, UserMessage

LOAN = Citation(id="民法典#675", law="民法典", article="第六百七十五条", version="", quote="…", status="verified")
THEFT = Citation(id="刑法#133", law="刑法", article="第一百三十三条", version="", quote="…", status="verified")
SECOND = Citation(id="刑法#133-1", law="刑法", article="第一百三十三条之一", version="", quote="…", status="verified")
NESTED = Citation(
    id="某解释（一）#46",
    law="关于适用《民法典》某编的解释（一）",
    article="第四十六条",
    version="",
    digest="…",
    status="digest",
)
CASE = SimilarCase(id="民间借贷/1", title="只有转账", label="教学案例", outcome="支持", alike="", differs="")


def targets(markdown: str) -> list[list[str]]:
    """The parts of every link's target, as page.js takes them apart."""
    return [[unquote(part) for part in place.split("/")] for place in re.findall(r"\]\(#([^)]*)\)", markdown)]


def test_every_article_that_an_answer_cites_becomes_a_link() -> None:
    made = sources.linked(
        "依《民法典》第六百七十五条返还;再看《民法典》第六百七十五条。《合同法》第一条不链接。", [LOAN]
    )
    assert made.count("[《民法典》第六百七十五条](#article/") == 2 and "《合同法》第一条不链接" in made
    assert targets(made) == [["article", "民法典", "675", "民法典#675"]] * 2


def test_an_article_is_not_taken_for_its_neighbour() -> None:
    made = sources.linked("《刑法》第一百三十三条之一和《刑法》第一百三十三条", [THEFT, SECOND])
    assert [one[-1] for one in targets(made)] == ["刑法#133-1", "刑法#133"]
    # The one beside it is not cited, and must not be taken for it.
    assert "第一百三十三条](" not in sources.linked("《刑法》第一百三十三条之一", [THEFT])


def test_laws_named_inside_the_names_of_others_are_whole() -> None:
    made = sources.linked("见《关于适用《民法典》某编的解释（一）》第四十六条", [LOAN, NESTED])
    assert targets(made) == [["article", NESTED.law, "46", NESTED.id]]


def test_a_name_that_would_break_a_link_stays_text() -> None:
    odd = LOAN.model_copy(update={"law": "坏](javascript:x)法"})
    answer = f"《{odd.law}》{odd.article}"
    assert sources.linked(answer, [odd]) == answer
    listed = sources.listed(reply(citations=(odd,)))
    assert "](javascript" not in listed and targets(listed) == [["article", odd.law, "675", odd.id]]


def reply(**values: object) -> Reply:
    shown = {"status": "answer", "route": "consult", "domain": "民间借贷", "turn": 1, "answer": "可以起诉。"}
    return Reply.model_validate({**shown, **values})


def test_an_earlier_answer_keeps_what_it_rests_on_folded_below_it() -> None:
    passage = InternalPassage(corpus="c", file="手册*.docx", place="第三章", quote="…")
    first = reply(citations=(LOAN, LOAN, NESTED), cases=(CASE,), documents=(passage,))
    held = Conversing("id", turns=[Exchange(UserMessage(content="一"), first)])
    assert not [row for row in held.bubbles("zh") if "sources" in str(row["metadata"])]  # it stands below, as cards
    held.turns.append(Exchange(UserMessage(content="二"), reply(turn=2)))
    kept = next(row for row in held.bubbles("zh") if row["metadata"].get("id") == "turn-1-sources")
    assert kept["metadata"]["title"] == "依据的法条 2 · 相似案例 1 · 内部文件 1"
    assert [one[0] for one in targets(kept["content"])] == ["article", "article", "case"]
    assert "手册\\*\\.docx" in kept["content"]
    assert not [row for row in held.bubbles("zh") if row["metadata"].get("id") == "turn-2-sources"]
