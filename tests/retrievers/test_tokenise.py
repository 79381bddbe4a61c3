import subprocess
import sys

from retrievers import tokenise
from retrievers.tokenise import Tokeniser, bigrams


def cutter(*words: str) -> Tokeniser:
    return tokenise.tokeniser(words)


def test_words_of_the_dictionary_are_kept_whole_and_in_parts() -> None:
    words = cutter("双倍工资差额").words("他们欠我双倍工资差额,怎么办?")
    assert "双倍工资差额" in words
    assert "工资" in words
    assert not {"我", "怎么", ",", "?"} & set(words)


def test_letters_and_full_width_writing_are_one() -> None:
    assert cutter().words("ＡＢＣ公司12.5%") == cutter().words("abc公司１２．５％")


def test_bigrams_stay_inside_a_run() -> None:
    assert bigrams("租火种,B2 好") == ["租火", "火种", "b2", "好"]


def test_the_digest_names_the_dictionary_whatever_its_order() -> None:
    assert Tokeniser(["月光法", "租赁字据"]).digest == Tokeniser(["租赁字据", "月光法"]).digest
    assert cutter("双倍工资差额").digest != cutter().digest


def test_jieba_is_not_imported_before_it_is_needed() -> None:
    code = "import sys, retrievers.library; sys.exit('jieba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
