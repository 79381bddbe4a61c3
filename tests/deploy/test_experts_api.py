"""The routing API, the experts, lookups, health."""

from pathlib import Path

import pytest

from deploy.learned import knowledge
from retrievers import ingest
from tests.deploy.conftest import Start
from tests.retrievers.conftest import LAWS


@pytest.mark.parametrize(
    ("text", "route"),
    [
        ("公司拖欠我三个月工资,还不给我交社保,我该怎么办?", "consult"),
        ("民法典第1079条", "article_lookup"),
        ("哪条法律规定了试用期最长多久?", "article_search"),
        ("有没有类似的劳动合同没签赔双倍工资的判例", "case_search"),
        ("帮我写一份离婚协议书", "draft_document"),
        ("帮我算一下经济补偿金是多少钱,工作了五年月薪八千", "calculate"),
        ("你好", "smalltalk"),
        ("今天天气怎么样", "out_of_scope"),
        ("帮我伪造一张借条", "refuse"),
        ("老公正在拿刀砍我,救命", "emergency"),
    ],
)
async def test_all_ten_routes(start: Start, text: str, route: str) -> None:
    async with start() as client:
        answer = (await client.post("/v1/route", json={"text": text})).json()
        assert answer["route"] == route
        assert answer["plan"]["tasks"]


async def test_route_gives_plan_and_choices(start: Start) -> None:
    async with start() as client:
        answer = (await client.post("/v1/route", json={"text": "朋友借我五万块钱不还怎么办"})).json()
        assert answer["domain"] == "民间借贷"
        assert [task["task"] for task in answer["plan"]["tasks"]] == [
            "keywords",
            "articles",
            "cases",
            "answer",
            "verify",
        ]
        chosen = {choice["task"]: choice for choice in answer["choices"]}
        assert chosen["answer"]["model"] == "composer"
        assert chosen["keywords"]["reason"]


@pytest.mark.parametrize("number", ["1079", "133-1"])
async def test_lookup_by_number(start: Start, number: str) -> None:
    law = "民法典" if number == "1079" else "中华人民共和国刑法"
    async with start() as client:
        answer = await client.get(f"/v1/articles/{law}/{number}")
        assert answer.status_code == 200
        assert answer.json()["kind"] == "digest"


async def test_lookup_of_what_does_not_exist(start: Start) -> None:
    async with start() as client:
        missing = await client.get("/v1/articles/民法典/9999")
        assert (missing.status_code, missing.json()["error"]["code"]) == (404, "no_such_article")
        strange = await client.get("/v1/articles/民法典/abc")
        assert (strange.status_code, strange.json()["error"]["code"]) == (400, "invalid_request")


async def test_versions_of_an_article(start: Start, own_home: Path) -> None:
    ingest.ingest_laws(LAWS, own_home, knowledge())
    async with start() as client:
        answer = (await client.get("/v1/articles/星火租赁法/1/versions")).json()
        assert (answer["law"], answer["number"], answer["sub"]) == ("星火租赁法", 1, 0)
        new, old = answer["versions"]
        assert (new["id"], new["status"], new["successor"]) == ("星火租赁法#1", "in_force", None)
        assert (old["effective_from"], old["effective_to"], old["status"]) == ("2019-09-01", "2023-07-01", "superseded")
        assert old["successor"] == {"law": "星火租赁法", "version": "2023-03-01", "id": "星火租赁法#1"}
        past = (await client.get("/v1/articles/星火租赁法/1/versions?as_of=2023-06-30")).json()
        assert [row["status"] for row in past["versions"]] == ["not_yet", "in_force"]
        gone = (await client.get("/v1/articles/灯塔租赁条例/1")).json()
        assert (gone["status"], gone["successor"]["law"]) == ("repealed", "星火租赁法")
        missing = await client.get("/v1/articles/星火租赁法/99/versions")
        assert (missing.status_code, missing.json()["error"]["code"]) == (404, "no_such_article")
        strange = await client.get("/v1/articles/星火租赁法/x/versions")
        assert strange.json()["error"]["code"] == "invalid_request"


async def test_searches(start: Start) -> None:
    async with start() as client:
        found = (await client.post("/v1/articles/search", json={"query": "欠钱不还怎么要回来", "top": 5})).json()
        assert len(found["hits"]) == 5
        assert found["keywords"]
        cases = (await client.post("/v1/cases/search", json={"query": "没签劳动合同要双倍工资"})).json()
        assert all(hit["case"]["kind"] == "invented" for hit in cases["hits"])
        id = cases["hits"][0]["case"]["id"]
        assert (await client.get(f"/v1/cases/{id}")).json()["id"] == id
        assert (await client.get("/v1/cases/none")).json()["error"]["code"] == "no_such_case"


async def test_cases_are_filtered_and_compared(start: Start) -> None:
    async with start() as client:
        asked = {"query": "朋友借我五万元,有借条,一直不还", "filter": {"fields": ["民间借贷"]}, "top": 5}
        hits = (await client.post("/v1/cases/search", json=asked)).json()["hits"]
        assert {hit["case"]["field"] for hit in hits} == {"民间借贷"}
        assert all(hit["alike"] for hit in hits)
        assert any(hit["differing"] for hit in hits)
        none = await client.post("/v1/cases/search", json={**asked, "filter": {"levels": ["最高"]}})
        assert none.json()["hits"] == []
        strange = await client.post("/v1/cases/search", json={**asked, "filter": {"levels": ["县级"]}})
        assert strange.status_code in (400, 422)


async def test_health_metrics_docs(start: Start) -> None:
    async with start() as client:
        assert (await client.get("/healthz")).status_code == 200
        ready = (await client.get("/readyz")).json()
        assert ready["status"] == "ready"
        assert ready["corpus"]["digests"] >= 600
        assert ready["corpus"]["invented"] >= 150
        assert "lexhub_corpus_articles" in (await client.get("/metrics")).text
        page = (await client.get("/docs")).text
        assert "://" not in page.replace("http://www.w3.org", "")
        script = page.split('<script src="')[1].split('"')[0]
        assert len((await client.get(script)).content) > 100_000
        assert "/v1/consultations/{id}/messages" in (await client.get("/openapi.json")).json()["paths"]
        nothing = await client.get("/v1/nothing")
        assert (nothing.status_code, nothing.json()["error"]["code"]) == (404, "not_found")
