"""The clients that ship, and files that are not valid."""

import json
import lzma
import os
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
import yaml

from deploy.clients.scripts import HELD_OUT, SHIPPED, load
from deploy.settings import BadSettings
from orchestrator.domains import NAMES

DATA = os.environ.get("LEXHUB_TEST_DATA")

FOLDERS = sorted({path.parent for path in SHIPPED.parent.glob("*/*.yaml")})
EVERY_FOLDER = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)

HELD = {"fact": "利息", "asked": "利息|利率", "says": "没说过", "decisive": True}
GOOD = {
    "id": "a-1",
    "who": "30岁",
    "opening": "借出去五万\n要不回来",
    "holds_back": [HELD],
    "must_cite": ["民法典#675"],
}


def written(folder: Path, *clients: dict[str, object], field: str = "民间借贷", name: str = "a.yaml") -> Path:
    (folder / name).write_text(yaml.safe_dump({"field": field, "clients": list(clients)}, allow_unicode=True), "utf-8")
    return folder


def test_what_ships_covers_every_field() -> None:
    clients = load()
    consulting = [client for client in clients if client.route == "consult"]
    assert len(consulting) >= 80
    count = Counter(client.field for client in consulting)
    assert set(count) == set(NAMES)
    assert min(count.values()) >= 4
    complete = [client for client in consulting if client.complete]
    assert 1 / 5 <= len(complete) / len(consulting) <= 1 / 3
    assert {client.field for client in complete} == set(NAMES)


def test_those_held_out_are_others() -> None:
    assert {HELD_OUT, SHIPPED} < set(FOLDERS)
    held, seen = load(HELD_OUT), load()
    assert {client.field for client in held} == set(NAMES)
    assert not {client.id for client in held} & {client.id for client in seen}
    assert not {client.opening for client in held} & {client.opening for client in seen}


def test_no_two_folders_share_a_client() -> None:
    clients = [client for folder in FOLDERS for client in load(folder)]
    assert [id_ for id_, times in Counter(client.id for client in clients).items() if times > 1] == []
    assert [told for told, times in Counter(client.opening for client in clients).items() if times > 1] == []


@EVERY_FOLDER
def test_what_ships_is_fit_to_play(folder: Path) -> None:
    for client in load(folder):
        if client.route != "consult":
            continue
        assert 10 <= len(client.opening) <= 500, client.id  # some say hardly anything
        assert 1 <= len(client.must_cite) <= 5, client.id
        for told in (*client.tells, *client.holds_back):
            assert not re.search(told.asked, ""), f"{client.id}: {told.fact} matches any question"
        if not client.complete:
            assert client.tells, client.id


@cache
def official() -> frozenset[str]:
    with lzma.open(Path(str(DATA)) / "articles.jsonl.xz", "rt", encoding="utf-8") as lines:
        return frozenset(json.loads(line)["id"] for line in lines)


@pytest.mark.skipif(DATA is None, reason="needs LEXHUB_TEST_DATA (official texts)")
@EVERY_FOLDER
def test_every_article_exists_and_its_law_has_not_changed_since(folder: Path) -> None:
    known = official()
    changed = {row["law"] for row in yaml.safe_load((Path(str(DATA)) / "superseded.yaml").read_text("utf-8"))}
    for client in load(folder):
        for id_ in client.must_cite:
            assert id_ in known, f"{client.id}: {id_}"
            assert id_.partition("#")[0] not in changed, f"{client.id}: {id_}"


def test_the_package_carries_the_scripts() -> None:
    import tomllib

    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text("utf-8"))
    carried = project["tool"]["setuptools"]["package-data"]["deploy"]
    package = SHIPPED.parents[1]
    assert {path for glob in carried for path in package.glob(glob)} >= set(SHIPPED.glob("*.yaml"))


def test_a_file_is_read(tmp_path: Path) -> None:
    (client,) = load(written(tmp_path, GOOD))
    assert client.field == "民间借贷"
    assert client.opening == "借出去五万要不回来"
    assert client.holds_back[0].meant_by("约定了利息吗?")
    assert not client.holds_back[0].meant_by("有借条吗?")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"complete": True}, "either the story is complete"),
        ({"holds_back": []}, "either the story is complete"),
        ({"holds_back": [{**HELD, "decisive": False}]}, "decisive"),
        ({"holds_back": [{**HELD, "asked": "(利息"}]}, "not a pattern"),
        ({"must_cite": ["民法典675"]}, "not ids of articles"),
        ({"field": "天文"}, "no such field"),
        ({"route": "dance"}, "route"),
        ({"route": "smalltalk"}, "only the route is judged"),
        ({"mood": "sad"}, "mood"),
        ({"id": "A 1"}, "id"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, change: dict[str, object], told: str) -> None:
    with pytest.raises(BadSettings, match=re.escape(told)) as caught:
        load(written(tmp_path, {**GOOD, **change}))
    assert "a.yaml" in str(caught.value)


def test_the_same_id_twice(tmp_path: Path) -> None:
    written(tmp_path, GOOD)
    with pytest.raises(BadSettings, match="same id: a-1"):
        load(written(tmp_path, GOOD, name="b.yaml"))


def test_no_clients(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="no clients"):
        load(tmp_path)
    with pytest.raises(BadSettings, match="天文"):
        load(fields=["天文"])
    (tmp_path / "c.yaml").write_text("- just a list\n", "utf-8")
    with pytest.raises(BadSettings, match=r"c\.yaml"):
        load(tmp_path)


def test_only_some_fields() -> None:
    assert {client.field for client in load(fields=["劳动", "继承"])} == {"劳动", "继承"}
