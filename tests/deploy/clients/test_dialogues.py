"""Consultations as dialogues to train on."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from deploy.clients import dialogues
from deploy.clients.citing import Checker
from deploy.clients.player import play
from deploy.settings import BadSettings
from models.training.lora.dialogues import read
from tests.deploy.clients.test_player import STORY, lender
from tests.deploy.conftest import Start


def trainable(tmp_path: Path, row: Any) -> list[tuple[str, str]]:
    """The row as `lexhub train lora` reads it."""
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps(row, ensure_ascii=False) + "\n", "utf-8")
    (dialogue,) = read(path).rows
    return [(message.role, message.content) for message in dialogue.messages]


async def test_a_scripted_consultation(start: Start, tmp_path: Path) -> None:
    async with start() as http:
        held = await play(http, Checker(http), lender())
    said = trainable(tmp_path, dialogues.of(held))
    assert said[0] == ("user", STORY)
    assert any("没说过利息的事" in text for role, text in said if role == "user")
    assert said[-2] == ("user", "情况属实。") and said[-3][1].startswith("请核对以下事实:\n- ")
    assert said[-1] == ("assistant", held.exchanges[-1].reply["answer"])
    for spoilt in ({"failure": "HTTP 500"}, {"faults": ("《民法典》第9999条不存在",)}):
        assert dialogues.of(replace(held, played=replace(held.played, **spoilt))) is None


async def test_an_exported_consultation(start: Start, tmp_path: Path) -> None:
    async with start() as http:
        id = (await http.post("/v1/consultations", json={})).json()["id"]
        message: dict[str, Any] = {"content": f"我的手机是13812345678。{STORY}"}
        changed = ""
        for _ in range(12):
            reply = (await http.post(f"/v1/consultations/{id}/messages", json=message)).json()
            if reply["status"] == "question":
                message = {"reply": {one["id"]: "不清楚" for one in reply["questions"]}}
            elif reply["status"] == "confirm" and not changed:
                fact = next(fact for fact in reply["facts"] if "5" in fact["value"] or "五" in fact["value"])
                changed = f"更正:{fact['label']}是6万元。"
                message = {"confirm": {"ok": False, "changes": {fact["id"]: "6万元"}}}
            elif reply["status"] == "confirm":
                message = {"confirm": {"ok": True}}
            else:
                break
        # What came after the last answer teaches nothing.
        exported = (await http.get(f"/v1/consultations/{id}/export")).json()
    path = tmp_path / "export.json"
    path.write_text(json.dumps(exported), "utf-8")
    said = trainable(tmp_path, dialogues.exported(path))
    assert said[0] == ("user", f"我的手机是〔手机号1〕。{STORY}")
    assert ("user", changed) in said
    assert said[-1] == ("assistant", reply["answer"])
    assert "13812345678" not in str(said)

    # What is open after the last answer teaches nothing.
    going_on = {
        **exported,
        "turns": [*exported["turns"], exported["turns"][0] | {"reply": exported["turns"][1]["reply"]}],
    }
    path.write_text(json.dumps(going_on), "utf-8")
    assert trainable(tmp_path, dialogues.exported(path)) == said
    open_ = {**exported, "turns": [turn for turn in exported["turns"] if turn["reply"]["status"] != "answer"]}
    path.write_text(json.dumps(open_), "utf-8")
    with pytest.raises(BadSettings, match="no answer"):
        dialogues.exported(path)


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"turns": 3}', '{"turns": [{"message": {}, "reply": {}}]}'])
def test_another_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "export.json"
    path.write_text(text)
    with pytest.raises(BadSettings, match="no exported consultation"):
        dialogues.exported(path)
    with pytest.raises(BadSettings, match="No such file"):
        dialogues.exported(tmp_path / "none.json")
