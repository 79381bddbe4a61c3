"""Self-suggestion: which retrieved passages are used, and which part of them is shown."""

from orchestrator.suggestion import bigrams, by_relevance, excerpt, judge, overlap
from tests.orchestrator.doubles import passage

STORY = "朋友借了我三万块钱到期不还,有借条"


def fits(
    *hits: tuple[str, str, float], governing: tuple[str, ...] = (), terms: tuple[str, ...] = ("借款",), **more: str
) -> list[bool]:
    found = [(passage(id, text, **more), score) for id, text, score in hits]
    return [verdict.fits for verdict in judge(found, governing, terms, STORY)]


def test_a_near_passage_that_shares_words_is_used() -> None:
    assert fits(("民法典#675", "借款人应当返还借款。", 1.0), ("民法典#1", "没有关系的规则。", 1.0)) == [True, False]


def test_a_passage_far_behind_the_best_is_dropped() -> None:
    assert fits(("民法典#675", "返还借款。", 1.0), ("民法典#676", "逾期借款利息。", 0.1)) == [True, False]


def test_what_governs_the_cause_is_used_however_low_it_came() -> None:
    assert fits(("民法典#675", "返还借款。", 1.0), ("民法典#188", "诉讼时效。", 0.01), governing=("民法典#188",)) == [
        True,
        True,
    ]


def test_what_is_not_in_force_is_never_used() -> None:
    assert fits(("民法典#675", "返还借款。", 1.0), governing=("民法典#675",), status="repealed") == [False]


def test_one_letter_terms_prove_nothing() -> None:
    assert fits(("民法典#1", "款项。", 1.0), terms=("款",)) == [False]


def test_a_passage_in_the_clients_own_words_fits_without_terms() -> None:
    assert fits(("民法典#675", "到期不还借条上的钱。", 1.0), terms=()) == [True]


def test_each_verdict_has_a_reason_in_order() -> None:
    hits = [(passage("民法典#675", "返还借款。"), 1.0), (passage("民法典#9", "无关。", status="superseded"), 1.0)]
    verdicts = judge(hits, (), ("借款",), STORY)
    assert [verdict.id for verdict in verdicts] == ["民法典#675", "民法典#9"]
    assert "借款" in verdicts[0].reason
    assert "superseded" in verdicts[1].reason
    assert judge([], (), (), STORY) == []
    assert [verdict.fits for verdict in judge([(passage(), 0.0)], (), ("借款",), STORY)] == [False]


LONG = "\n".join(
    [
        "第一款讲的是船只的登记和船只的检验,与别的事情没有关系。" * 3,
        "第二款讲的是借款的返还:",
        "（一）到期返还借款;",
        "（二）提前返还借款。",
        "第三款讲的是灯塔。" * 6,
    ]
)


def test_a_short_text_is_shown_whole() -> None:
    one = passage(text="借款人应当返还借款。")
    assert excerpt(one, "借款") == one.text


def test_the_paragraph_that_speaks_of_it_is_shown_with_its_items_byte_for_byte() -> None:
    one = passage(text=LONG)
    shown = excerpt(one, "到期返还借款")
    assert shown == "第二款讲的是借款的返还:\n（一）到期返还借款;\n（二）提前返还借款。"
    assert shown in one.text


def test_of_a_long_list_the_opening_and_the_items_that_matter_are_shown() -> None:
    items = [f"（{one}）关于第{one}种船只的登记、检验和停靠的规定;" for one in "一二三四五六七八九"]
    one = passage(text="\n".join(["有下列情形之一的,可以要回船费:", *items, "（十）船票没有使用的。"]))
    assert excerpt(one, "没有使用船票", 120) == "有下列情形之一的,可以要回船费:\n（十）船票没有使用的。"


def test_any_excerpt_is_a_part_of_the_text() -> None:
    one = passage(text=LONG + "\n" + "很长的一款没有句号" * 60)
    for about in ("借款", "灯塔", "船只登记", "没有句号", "", "完全无关的话"):
        assert excerpt(one, about) in one.text
        assert len(excerpt(one, about)) <= 220


def test_a_digest_is_given_whole() -> None:
    one = passage(text=LONG, kind="digest")
    assert excerpt(one, "借款") == LONG


def test_overlap_is_the_share_of_the_smaller_set() -> None:
    assert bigrams("借款,人") == {"借款"}
    assert overlap(bigrams("借款人"), bigrams("借款人应当返还")) == 1.0
    assert overlap(set(), bigrams("借款")) == 0.0


def test_texts_are_ordered_by_what_they_share_with_the_question() -> None:
    texts = {"a": "逾期利息按照约定计算", "b": "诉讼时效三年", "c": "利息没有约定视为没有利息"}
    assert by_relevance(texts, "没有约定利息怎么办")[0] == "c"
    assert "b" not in by_relevance(texts, "没有约定利息怎么办")
    assert by_relevance({}, "利息") == []
