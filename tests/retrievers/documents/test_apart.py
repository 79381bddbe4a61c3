"""retrievers.documents.apart: what one file may cost."""

import multiprocessing

import pytest

from retrievers.contracts import BadSource
from retrievers.documents.apart import Apart
from tests.retrievers.documents.samples import pdf

RULES = "# 考勤制度\n\n第一条 迟到三次记过一次。\n".encode()


def test_a_file_that_never_ends_is_given_up_and_the_next_one_read() -> None:
    with Apart(patience=3) as readers:
        [before] = readers.pieces("制度.md", RULES)
        with pytest.raises(BadSource, match="3 秒内没有读完"):
            readers.pieces("没完没了.pdf", pdf(["甲"] * 600_000))
        assert readers.pieces("制度.md", RULES) == [before]
    assert "迟到三次" in before.text


def test_a_file_that_wants_all_memory_is_given_up_and_the_next_one_read() -> None:
    with Apart(memory=400_000_000) as readers:
        with pytest.raises(BadSource, match="内存"):
            readers.pieces("巨大.txt", "甲乙丙丁。\n".encode() * 5_000_000)
        assert readers.pieces("制度.md", RULES)


def test_what_a_reader_refuses_is_refused_in_its_words() -> None:
    with Apart() as readers, pytest.raises(BadSource, match="不是完好的 PDF 文件"):
        readers.pieces("坏.pdf", b"%PDF-1.7 broken")


def test_a_reader_that_dies_is_noticed_and_replaced() -> None:
    with Apart() as readers:
        before = readers.pieces("制度.md", RULES)
        [process] = multiprocessing.active_children()
        process.kill()
        process.join()
        with pytest.raises(BadSource, match="崩溃"):
            readers.pieces("制度.md", RULES)
        assert readers.pieces("制度.md", RULES) == before
    assert not multiprocessing.active_children()
