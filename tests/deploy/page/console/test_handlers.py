"""The console's events: none works without admin, however it is called; with it, what the API says is shown."""

import asyncio
import json
from typing import Any

import gradio as gr
import httpx
import pytest
from fastapi import FastAPI

from deploy.page.console.actions import Change
from deploy.page.console.console import Console
from deploy.sdk import AsyncLexhub, LexhubError
from tests.deploy.conftest import Start
from tests.deploy.page.console.conftest import HOME, KEYS, Open, Opened

STORY = "我叫张伟强,电话13812345678。朋友李晓明借了我五万块钱,没写借条,就微信转账,现在他把我拉黑了,怎么办?"
# Gradio sums up its queue with calls that pandas is giving up.
SECRETS = ("张伟强", "李晓明", "13812345678", "拉黑", "借条")


async def consulted(api: httpx.AsyncClient, id: str, **headers: str) -> None:
    made = await api.post("/v1/consultations", json={"mode": "normal", "confirm": "auto"}, headers=headers)
    sent = await api.post(
        f"/v1/consultations/{made.json()['id']}/messages",
        json={"content": STORY},
        headers={"X-Request-ID": id, **headers},
    )
    assert sent.status_code == 200, sent.text


def shown(events: list[dict[str, Any]]) -> list[Any]:
    """What the handler gave; it must have come to its end well."""
    [done] = [event for event in events if event["msg"] == "process_completed"]
    assert done["success"], done
    return list(done["output"]["data"])


async def test_no_handler_works_without_admin_even_past_the_door(start: Start) -> None:
    async with start(api_keys=KEYS) as api:
        console = Console(lambda key: AsyncLexhub(HOME, key, transport=api._transport, retries=0))
        blocks = console.blocks
        app = gr.mount_gradio_app(FastAPI(), blocks, "/console", ssr_mode=False, show_error=True)
        handlers = {id: fn for id, fn in blocks.fns.items() if fn.fn is not None}
        assert len(handlers) > 15
        async with app.router.lifespan_context(app):
            transport = httpx.ASGITransport(app=app, client=("127.0.0.1", 50001))  # no door
            async with httpx.AsyncClient(transport=transport, base_url=HOME) as page:
                for id, fn in handlers.items():
                    given = [_plausible(one) for one in fn.inputs]
                    asked = {"data": given, "fn_index": id, "session_hash": f"s{id}", "event_data": {"id": "x"}}
                    joined = await page.post("/console/gradio_api/queue/join", json=asked)
                    if joined.status_code != 200:
                        continue
                    told = await page.get(f"/console/gradio_api/queue/data?session_hash=s{id}")
                    events = [json.loads(line[6:]) for line in told.text.splitlines() if line.startswith("data: ")]
                    [done] = [event for event in events if event["msg"] == "process_completed"]
                    assert not done["success"], fn.name
                    assert "登录已失效" in str(done["output"].get("error")), fn.name
        await console.close()


def _plausible(component: Any) -> Any:
    return {"dropdown": None, "number": 1, "state": None}.get(component.get_block_name(), "drain")


async def test_a_request_is_told_with_its_way_and_without_a_word_of_the_client(opened: Open) -> None:
    async with opened() as at:
        await consulted(at.api, "turn-1")
        id, trace, rows = shown(await at.called("open", "turn-1"))
        assert id == "turn-1" and 'data-id="turn-1"' in rows
        for step in ("intake", "plan", "execute", "answer", "verify"):
            assert f">{step}</text>" in trace
        assert trace.count("lc-node lc-taken") >= 6 and "lc-edge lc-taken" in trace.replace(" lc-maybe", "")
        for told in ("composer", "neighbour-keyword", "search_articles", "coverage", "具备dialogue能力"):
            assert told in trace
        for word in SECRETS:
            assert word not in trace + rows
        assert "no_such_request" in shown(await at.called("open", "nobody"))[1]


async def test_models_accounts_and_holdings_are_shown(opened: Open) -> None:
    async with opened(keys=True) as at:
        assert (await at.sign_in("op")).status_code == 303
        models, _ = shown(await at.called("look"))
        assert "composer" in models and "ngram-planner" in models
        made = await at.api.post("/v1/admin/keys", json={"name": "<b>前台"}, headers={"Authorization": "Bearer op"})
        text = made.json()["key"]
        *_, accounts = shown(await at.called("on_accounts"))
        assert "&lt;b&gt;前台" in accounts and text not in accounts and made.json()["id"] in accounts
        *_, holdings = shown(await at.called("on_holdings"))
        assert "sessions" in holdings and "sqlite" in holdings


MODEL = '{"name": "composer"}'


async def revisions(at: Opened) -> list[dict[str, Any]]:
    return list((await at.api.get("/v1/admin/revisions")).json()["revisions"])


async def test_a_change_needs_a_reason_and_a_confirmation(opened: Open) -> None:
    async with opened() as at:
        _, said = shown(await at.called("prepare", "weight", MODEL, 3, "  "))
        assert "请写明原因" in said
        # What a caller sends in place of the waiting change is not taken: the server keeps it, and asks.
        forged = {
            "name": "weigh",
            "values": {"name": "composer", "weight": 3, "why": "夜里试一试"},
            "told": "",
            "why": "",
        }
        _, said, *_ = shown(await at.called("confirm", forged, "weight", MODEL, 3, "夜里试一试"))
        assert "将要执行：composer 的权重设为 3" in said and await revisions(at) == []
        _, said, *_ = shown(await at.called("confirm", None, "weight", MODEL, 4, "夜里试一试"))
        assert "将要执行：composer 的权重设为 4" in said and await revisions(at) == []
        _, said, *filled = shown(await at.called("confirm", None, "weight", MODEL, 4, "夜里试一试"))
        assert "第 1 版" in said and filled == [None, None, ""]
        [made] = await revisions(at)
        assert (made["why"], made["policy"]["weights"]) == ("夜里试一试", {"composer": 4})
        shown(await at.called("confirm", None, "weight", MODEL, 4, "夜里试一试"))  # once done, it is asked for anew
        assert len(await revisions(at)) == 1


async def test_a_change_that_was_prepared_for_another_policy_is_asked_for_again(opened: Open) -> None:
    async with opened() as at:
        shown(await at.called("prepare", "weight", MODEL, 3, "甲"))
        await at.api.put("/v1/admin/models/ngram-planner/weight", json={"weight": 2, "why": "乙"})
        _, said, *_ = shown(await at.called("confirm", None, "weight", MODEL, 3, "甲"))
        assert "第 1 版（loopback:乙），请再看一遍" in said and len(await revisions(at)) == 1
        _, said, *_ = shown(await at.called("confirm", None, "weight", MODEL, 3, "甲"))
        assert "已执行" in said and len(await revisions(at)) == 2


async def test_what_the_server_refuses_was_not_done_and_what_it_does_not_answer_may_be(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened() as at:
        asked = ("drain", MODEL, None, "停")
        shown(await at.called("prepare", *asked))
        _, said, *_ = shown(await at.called("confirm", None, *asked))
        assert "没有执行：停用之后没有模型能够完成" in said and "bad_policy" in said

        async def lost(change: Change, operator: AsyncLexhub) -> None:
            raise LexhubError("timeout", "the server did not answer in time")

        monkeypatch.setattr(Change, "done", lost)
        shown(await at.called("prepare", *asked))
        _, said, *_ = shown(await at.called("confirm", None, *asked))
        assert "不知道是否已执行" in said and "timeout" in said


async def test_what_was_begun_is_filled_in_again_and_lists_follow_the_policy(opened: Open) -> None:
    async with opened() as at:
        assert "运维控制台" in shown(await at.called("labels", "of an older page"))[0]
        begun = json.dumps({"tab": "plots", "action": "weight", "subject": MODEL, "amount": 5, "why": "写到一半"})
        kept = [one.get("value") for one in shown(await at.called("labels", begun)) if isinstance(one, dict)]
        assert [one for one in kept if one in (MODEL, 5, "写到一半")] == [MODEL, 5, "写到一半"]
        revised, offered = shown(await at.called("changed", None, MODEL))
        assert "还没有改动过" in revised and offered["value"] == MODEL
        await at.api.put("/v1/admin/models/composer/weight", json={"weight": 2, "why": "乙"})
        revised, offered = shown(await at.called("changed", None, "of another list"))
        assert "乙" in revised and offered["value"] is None
        assert ["composer · 权重 2", MODEL] in [list(one) for one in offered["choices"]]
        assert "value" not in shown(await at.called("changed", None, ""))[1]


async def test_a_key_that_was_revoked_is_out(opened: Open) -> None:
    async with opened(keys=True) as at:
        admin = {"Authorization": "Bearer op"}
        made = (await at.api.post("/v1/admin/keys", json={"name": "n", "scopes": ["admin"]}, headers=admin)).json()
        async with asyncio.timeout(10):
            while (await at.sign_in(made["key"])).status_code != 303:
                await asyncio.sleep(0.3)
        assert "composer" in shown(await at.called("look"))[0]
        await at.api.delete(f"/v1/admin/keys/{made['id']}", headers=admin)
        async with asyncio.timeout(10):
            while "composer" in (told := shown(await at.called("look"))[0]):
                await asyncio.sleep(0.3)
        assert "登录已失效" in told


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_the_words_are_of_the_language_asked_for(opened: Open, lang: str) -> None:
    async with opened() as at:
        head = shown(await at.called("labels", "", lang=lang))[0]
        assert ("operator" in head) == (lang == "en") and ("运维控制台" in head) == (lang == "zh")
