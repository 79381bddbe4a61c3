"""Consent to the processing of personal data, and the notice that it refers to."""

from typing import Any

import pytest

from deploy import privacy
from deploy.settings import BadSettings, load
from models.registry import cards
from orchestrator.services import Services
from tests.deploy.conftest import Start


async def test_a_consultation_needs_consent_to_the_notice_as_it_is_now(start: Start, shared: Services) -> None:
    async with start(services=shared, consent="required", producer="某律所") as client:
        told = (await client.get("/v1/privacy")).json()
        assert (told["required"], told["parts"]) == (True, ["given", "sensitive"])
        whole = {"given": True, "sensitive": True, "version": told["version"]}
        for consent, words in (
            (None, ["given", "sensitive"]),
            ({**whole, "given": False}, ["given"]),
            ({"given": True, "version": told["version"]}, ["sensitive"]),
            ({**whole, "version": "old"}, [told["version"]]),
        ):
            refused = await client.post("/v1/consultations", json={"consent": consent} if consent else None)
            error = refused.json()["error"]
            assert (refused.status_code, error["code"], error["param"]) == (403, "consent_required", "consent")
            assert error["consent"] == {"version": told["version"], "parts": told["parts"], "notice": "/v1/privacy"}
            assert all(
                word in error["message"] for word in [*words, "个人信息", "回答您的法律问题", "保存", "/v1/privacy"]
            )
        assert (await client.get("/v1/consultations")).json() == []
        made = await client.post("/v1/consultations", json={"consent": whole})
        assert made.status_code == 201
        kept = made.json()["consent"]
        assert kept == {**whole, "outside": False, "at": kept["at"]}
        exported = (await client.get(f"/v1/consultations/{made.json()['id']}/export")).json()
        assert exported["settings"]["consent"] == kept
        assert (await client.get("/v1/consultations")).json()[0]["consent"] == kept


async def test_without_the_need_a_consent_is_kept_all_the_same(start: Start, shared: Services) -> None:
    async with start(services=shared) as client:
        assert (await client.post("/v1/consultations")).json()["consent"] is None
        version = (await client.get("/v1/privacy")).json()["version"]
        given = {"given": True, "version": version}
        assert (await client.post("/v1/consultations", json={"consent": given})).json()["consent"]["version"] == version
        stale = await client.post("/v1/consultations", json={"consent": {**given, "version": "old"}})
        assert stale.status_code == 403


def told(**given: Any) -> str:
    made = load("embedded", given)
    return "\n".join(one.text for one in privacy.notice(made, ()).sections)


def test_the_notice_says_what_the_settings_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LEXHUB_STORAGE_KEYS", raising=False)
    assert "处理者:某律所。联系方式:a@example.org。" in told(producer="某律所", contact="a@example.org")
    assert "没有设定自动删除的期限" in told()
    assert "30 天之后自动删除" in told(retention_days=30)
    assert "没有另行加密" in told()
    assert "传输经 TLS 加密" in told(tls=True)
    monkeypatch.setenv("LEXHUB_STORAGE_KEYS", "one")
    assert "会话内容加密后保存" in told()
    assert "不发给任何人" in told()


def test_models_outside_are_named_and_need_a_consent_of_their_own() -> None:
    made = load("embedded", {"consent": "required"})
    card = next(iter(cards().values())).model_copy(
        update={"outside": True, "label": "某云模型", "options": {"base_url": "https://api.example.com/v1"}}
    )
    inside, outside = privacy.notice(made, ()), privacy.notice(made, (card,))
    assert outside.parts == [*inside.parts, "outside"]
    assert inside.version != outside.version
    assert "某云模型(api.example.com)" in "".join(one.text for one in outside.sections)
    given = privacy.Consent(given=True, sensitive=True, version=outside.version)
    assert privacy.missing(outside, given) == ["outside"]
    assert privacy.missing(outside, given.model_copy(update={"outside": True})) == []
    assert privacy.missing(inside, given.model_copy(update={"outside": True})) == ["version"]


def test_every_article_of_the_notice_is_one_that_tells_of_it() -> None:
    """What the law says the notice must tell (第十七条第一款, 第三十条) is told, each by its section."""
    sections = {one.title: one for one in privacy.notice(load("embedded"), ()).sections}
    law = "《个人信息保护法》"
    for title, article in (
        ("谁在处理", "第十七条"),
        ("目的、方式和种类", "第十七条"),
        ("保存期限", "第十七条"),
        ("您的权利和行使方式", "第四十五条"),
        ("敏感个人信息", "第三十条"),
        ("是否发给别人", "第二十三条"),
        ("不同意会怎样", "第十六条"),
    ):
        assert law + article in sections[title].articles
    rights = sections["您的权利和行使方式"].text
    assert all(word in rights for word in ("查阅", "复制", "更正", "补充", "删除", "撤回同意", "解释说明", "起诉"))


def test_who_needs_consent_by_default() -> None:
    assert not load("embedded").consent_needed
    assert load("cluster").consent_needed
    assert not load("cluster", {"consent": "off"}).consent_needed
    keys = [{"name": "a", "sha256": "0" * 64}]
    with pytest.raises(BadSettings, match="contact"):
        load("embedded", {"host": "0.0.0.0", "api_keys": keys})
    assert load("embedded", {"host": "0.0.0.0", "api_keys": keys, "contact": "a@example.org"}).consent_needed
