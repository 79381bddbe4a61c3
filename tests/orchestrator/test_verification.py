"""The gate: how text is cut, what is checked, and that quotations stay with their citations."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from orchestrator import verification
from retrievers.contracts import Verdict
from tests.orchestrator.doubles import Library

PROSE = "这是一句很长的话,讲的是借款以后怎样收回来的各种办法" * 7


async def streamed(text: str, size: int) -> list[str]:
    async def chunks() -> AsyncIterator[str]:
        for at in range(0, len(text), size):
            yield text[at : at + size]

    return [sentence async for batch in verification.sentences(chunks()) for sentence in batch]


def test_lines_are_sentences_and_the_rest_waits() -> None:
    assert verification.split("第一行\n第二行\n没完") == (["第一行\n", "第二行\n"], "没完")
    assert verification.split("") == ([], "")


def test_a_short_line_is_never_cut() -> None:
    assert verification.split("依据《民法典》第675条。他应当还款。可以起诉。") == (
        [],
        "依据《民法典》第675条。他应当还款。可以起诉。",
    )


@pytest.mark.parametrize("end", ["。", "！", "？", "!", "?"])
def test_long_prose_is_cut_at_the_end_of_a_sentence(end: str) -> None:
    whole, rest = verification.split(f"{PROSE}{end}下一句")
    assert whole == [f"{PROSE}{end}"]
    assert rest == "下一句"


@pytest.mark.parametrize(("opening", "closing"), ["“”", "「」", "『』", "《》", "（）", "()"])
def test_a_quotation_is_never_cut_from_its_citation(opening: str, closing: str) -> None:
    text = f"《民法典》第675条:{opening}{PROSE}。后面还有一句。{closing}——所以他应当还款。"
    whole, rest = verification.split(text + "再往下")
    assert "".join(whole) + rest == text + "再往下"
    assert whole == [text]


def test_a_line_end_closes_a_quotation_left_open() -> None:
    whole, _ = verification.split(f"“没有关上\n{PROSE}。下一句")
    assert whole == ["“没有关上\n", f"{PROSE}。"]


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
async def test_a_stream_is_cut_the_same_however_it_arrives(size: int) -> None:
    text = f"### 结论\n\n{PROSE}。依据《民法典》第675条,“{PROSE}。”他应当还。\n1. 起诉\n最后没有换行"
    cut = await streamed(text, size)
    assert "".join(cut) == text
    assert cut == await streamed(text, len(text))
    assert any("第675条" in one and "他应当还。" in one for one in cut)


async def test_an_empty_stream_has_no_sentences() -> None:
    assert await streamed("", 1) == []


@pytest.mark.parametrize(
    "text",
    [
        "依据《民法典》处理", "按第675条", "按第 675 条", "民法典675条规定", "民法典第六百七十五条", "民法典第６７５条", "刑法第133条之一",
        "该条第二款", "民法典第**675**条", "民法典 675 条", "民法典六七五条", "见民法典#675", "第九千九百九十九條",
    ],
)  # fmt: skip
async def test_whatever_may_be_a_citation_is_checked(text: str) -> None:
    library = Library(verdict=lambda sentence: Verdict(ok=False, faults=("不对",)))
    [checked] = await verification.check(library, [text], "", None)
    assert library.checked == [text]
    assert not checked.verdict.ok


async def test_what_cites_nothing_passes_without_a_question() -> None:
    library = Library(broken={"check"})
    assert all(
        one.verdict.ok for one in await verification.check(library, ["可以起诉。\n", "\n", "### 一、结论\n"], "", None)
    )


async def test_verdicts_belong_to_their_sentences() -> None:
    library = Library(
        verdict=lambda sentence: Verdict(ok="675" in sentence, faults=() if "675" in sentence else ("错",))
    )
    batch = ["先说一句。", "民法典第9999条", "再说一句。", "民法典第675条"]
    assert [(one.text, one.verdict.ok) for one in await verification.check(library, batch, "", None)] == [
        ("先说一句。", True), ("民法典第9999条", False), ("再说一句。", True), ("民法典第675条", True),
    ]  # fmt: skip


def test_every_answer_text_of_this_package_keeps_its_law_where_the_gate_sees_it() -> None:
    """No step may send text with citations past the gate: answer and draft check what they send."""
    steps = Path(verification.__file__).parent / "steps"
    texts = {path.stem: path.read_text(encoding="utf-8") for path in steps.glob("*.py")}
    senders = {name for name, text in texts.items() if '"delta"' in text}
    assert senders == {"answer", "courtesy", "draft"}
    assert "verification.spoken(" in texts["answer"]
    assert "verification.check(" in texts["draft"]


async def test_sentences_wait_together_while_others_are_checked_and_errors_come_last() -> None:
    async def batches() -> AsyncIterator[list[str]]:
        for text in ("一", "二", "三", "四"):
            yield [text]
            await asyncio.sleep(0)
        raise ValueError("broken")

    seen: list[list[str]] = []
    with pytest.raises(ValueError, match="broken"):
        async for rows in verification.gathered(batches()):
            seen.append(rows)
            await asyncio.sleep(0.01)
    assert [text for rows in seen for text in rows] == ["一", "二", "三", "四"]
    assert len(seen) < 4
