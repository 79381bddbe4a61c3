import gzip
import io
import lzma
import tarfile
import zipfile
from pathlib import Path

import pytest

from retrievers import sources
from retrievers.contracts import BadSource
from tests.retrievers import wordlaws
from tests.retrievers.conftest import LAWS

LAW = "# 某法\n\n<!-- INFO END -->\n\n第一条 甲。".encode()


def names(path: Path) -> set[str]:
    return {document.source for document in sources.documents(path)[0]}


def tar(path: Path, members: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:xz") as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


def test_a_folder_gives_its_laws_and_says_what_the_rest_is() -> None:
    documents, skipped = sources.documents(LAWS)
    assert len(documents) == 9
    assert skipped.faults == []
    assert skipped.others == {"目录页": 1, "案例": 1, "模版": 1, "说明": 1}


def test_archives_give_the_same_also_inside_a_folder(tmp_path: Path) -> None:
    files = {f"Laws-master/./{path.relative_to(LAWS).as_posix()}": path.read_bytes() for path in LAWS.rglob("*.md")}
    expected = names(LAWS)
    assert names(tar(tmp_path / "laws.tar.xz", files)) == expected
    with zipfile.ZipFile(tmp_path / "laws.zip", "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    assert names(tmp_path / "laws.zip") == expected


def test_chinese_names_of_windows_archives_are_read(tmp_path: Path) -> None:
    path = tmp_path / "laws.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("AAAAAA/BB.md", LAW)
    path.write_bytes(path.read_bytes().replace(b"AAAAAA/BB.md", "社会法/法.md".encode("gbk")))
    assert names(path) == {"社会法/法.md"}


def test_members_cannot_leave_the_archive(tmp_path: Path) -> None:
    path = tar(tmp_path / "evil.tar", {"../../社会法/甲.md": LAW, "/etc/乙.md": LAW})
    assert names(path) == {"社会法/甲.md", "etc/乙.md"}
    assert sorted(tmp_path.iterdir()) == [path]


def test_bad_files_are_named_and_the_rest_is_read(tmp_path: Path) -> None:
    path = tar(
        tmp_path / "laws.tar", {"社会法/甲.md": LAW, "社会法/坏.md": b"\0", "社会法/码.md": "某法".encode("gbk")}
    )
    documents, skipped = sources.documents(path)
    assert [document.law for document in documents] == ["某法"]
    assert dict(skipped.faults) == {
        "社会法/坏.md": "NUL bytes: not a text file",
        "社会法/码.md": "not UTF-8 (byte 2)",
    }


def test_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tar(tmp_path / "laws.tar", {"社会法/甲.md": LAW, "社会法/大.md": LAW + b" " * 100})
    monkeypatch.setattr(sources, "LARGEST_FILE", len(LAW))
    assert [name for name, _ in sources.documents(path)[1].faults] == ["社会法/大.md"]
    monkeypatch.setattr(sources, "LARGEST_IMPORT", len(LAW))
    with pytest.raises(BadSource, match="more than"):
        sources.documents(path)


def test_one_file_alone(tmp_path: Path) -> None:
    (tmp_path / "某法(2020-01-01).md").write_bytes(LAW)
    [document] = sources.documents(tmp_path / "某法(2020-01-01).md")[0]
    assert (document.law, document.version, document.category) == ("某法", "2020-01-01", "")


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 broken", b"some text"])
def test_what_holds_no_law_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "laws.zip"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadSource, match=r"laws\.zip"):
        sources.documents(path)


def test_a_folder_may_hold_all_forms_and_names_what_it_cannot_read(tmp_path: Path) -> None:
    (tmp_path / "社会法").mkdir()
    (tmp_path / "社会法" / "甲.md").write_bytes(LAW)
    (tmp_path / "社会法" / "星光借贷法_20231229.DOCX").write_bytes(wordlaws.whole())
    (tmp_path / "月光法.jsonl").write_text('{"law": "月光法", "number": 1, "text": "一"}\n{"law": 1}', encoding="utf-8")
    for name in ("旧.doc", "扫描.pdf", "坏.docx", "~$星光借贷法.docx", ".隐藏.docx"):
        (tmp_path / name).write_bytes(b"x")
    documents, skipped = sources.documents(tmp_path)
    assert {document.law for document in documents} == {"某法", "星光借贷法", "月光法"}
    assert {name for name, _ in skipped.faults} == {"旧.doc", "扫描.pdf", "坏.docx", "月光法.jsonl:2"}
    assert "另存为 .docx" in dict(skipped.faults)["旧.doc"]


def test_word_files_in_archives_and_alone(tmp_path: Path) -> None:
    name = "经济法/星光借贷法_20231229.docx"
    with zipfile.ZipFile(tmp_path / "laws.zip", "w") as archive:
        archive.writestr(name, wordlaws.whole())
    packed = tar(tmp_path / "laws.tar.xz", {name: wordlaws.whole()})
    alone = tmp_path / "星光借贷法_20231229.docx"
    alone.write_bytes(wordlaws.whole())
    for path in (tmp_path / "laws.zip", packed, alone):
        [document] = sources.documents(path)[0]
        assert (document.law, document.version) == ("星光借贷法", "2023-12-29")
    (tmp_path / "旧.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    with pytest.raises(BadSource, match=r"旧\.doc.*另存为 \.docx"):
        sources.documents(tmp_path / "旧.doc")


def test_rows_may_be_packed_and_are_limited_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = '{"law": "月光法", "number": 1, "text": "一"}\n'.encode()
    for path, packed in (
        (tmp_path / "a.jsonl.xz", lzma.compress(content)),
        (tmp_path / "a.jsonl.gz", gzip.compress(content)),
    ):
        path.write_bytes(packed)
        assert [document.law for document in sources.documents(path)[0]] == ["月光法"]
        path.write_bytes(packed[:-10])
        with pytest.raises(BadSource, match=path.name):
            sources.documents(path)
        path.write_bytes(packed)
    monkeypatch.setattr(sources, "LARGEST_ROWS", len(content) - 1)
    with pytest.raises(BadSource, match="larger than"):
        sources.documents(tmp_path / "a.jsonl.xz")
