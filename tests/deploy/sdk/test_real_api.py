"""The clients against the real API over a real socket: consultations, experts, papers, administration."""

import hashlib
import time
from collections.abc import Iterator
from datetime import date

import pytest

from deploy import settings
from deploy.api import build_api
from deploy.sdk import AsyncLexhub, Lexhub, LexhubError
from deploy.shapes.keys import NewKey
from orchestrator.contracts import Confirmation, Reply, UserMessage
from orchestrator.services import Services
from tests.deploy.sockets import served

STORY = "我前年三月借给朋友五万块钱,当时说好一年还,没写借条,就微信转账,现在他把我拉黑了,怎么办?"
KEYS = [
    {"name": "all", "sha256": hashlib.sha256(b"all").hexdigest(), "scopes": ["consult", "experts", "admin", "metrics"]},
    {"name": "few", "sha256": hashlib.sha256(b"few").hexdigest(), "per_minute": 1},
]


@pytest.fixture(scope="module")
def url(shared: Services, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("home")
    with served(build_api(settings.load("embedded", {"home": str(home), "api_keys": KEYS}), shared)) as address:
        yield address


@pytest.fixture
def client(url: str) -> Iterator[Lexhub]:
    with Lexhub(url, key="all") as made:
        yield made


def answers(reply: Reply) -> UserMessage:
    """What a client says who knows nothing more."""
    if reply.status == "confirm":
        return UserMessage(confirm=Confirmation(ok=True))
    return UserMessage(reply={question.id: "不清楚" for question in reply.questions})


async def test_a_consultation_awaited(url: str) -> None:
    async with AsyncLexhub(url, key="all", subject="awaited") as client:
        made = await client.create(jurisdiction="北京", as_of=date(2026, 1, 31))
        assert (made.jurisdiction, made.as_of) == ("北京", date(2026, 1, 31))
        rows = [row async for row in client.stream(made.id, STORY)]
        assert [number for number, _ in rows] == list(range(1, len(rows) + 1))
        reply = Reply.model_validate(rows[-1][1].data)
        assert reply.status == "question"
        while reply.status in ("question", "confirm"):
            reply = await client.send(made.id, answers(reply))
        assert reply.status == "answer"
        assert "民法典#675" in {citation.id for citation in reply.citations}
        again = [row async for row in client.follow(made.id, after=2)]
        assert (again[0][0], again[-1][1].kind) == (3, "done")
        assert Reply.model_validate(again[-1][1].data) == reply
        report = await client.report(made.id, "docx")
        assert report.name.endswith(".docx") and report.content[:2] == b"PK"
        await client.feedback(made.id, reply.turn, "up", "有用")
        held = await client.consultation(made.id)
        assert held.status == "answer"
        assert held.transcript[-1].reply == reply
        assert (await client.export(made.id))["feedback"][0]["rating"] == "up"
        assert len((await client.export_all())["consultations"]) == 1
        assert await client.of("another").consultations() == []
        with pytest.raises(LexhubError) as failed:
            await client.of("another").consultation(made.id)
        assert (failed.value.code, failed.value.status) == ("session_not_found", 404)
        assert failed.value.request_id
        assert await client.delete_all() == 1


def test_a_consultation_blocking(client: Lexhub) -> None:
    made = client.create(mode="normal", confirm="auto")
    *_, (_, last) = client.stream(made.id, STORY, idempotency_key="k1")
    reply = client.send(made.id, STORY, idempotency_key="k1")  # the same turn, not another
    assert Reply.model_validate(last.data) == reply
    assert [one.id for one in client.consultations()] == [made.id]
    client.delete(made.id)
    assert client.consultations() == []


def test_experts(client: Lexhub) -> None:
    assert client.article("民法典", 675).name == "《民法典》第六百七十五条"
    assert client.article("刑法", "133-1", as_of=date(2026, 1, 1)).sub == 1
    assert client.versions("民法典", 675).versions[0].number == 675
    hits = client.search_articles("朋友借钱不还", top=3).hits
    assert len(hits) == 3
    cases = client.search_cases("朋友借钱不还", keywords=[], top=2).hits
    assert client.case(cases[0].case.id) == cases[0].case
    assert client.keywords("朋友借钱不还").keywords
    assert client.route("朋友借钱不还怎么办", ["你好"]).route == "consult"
    assert client.corpora() == []
    assert client.search_documents("合同", keywords=[]).hits == []


def test_calculators_and_papers(client: Lexhub) -> None:
    names = [one.name for one in client.calculators()]
    assert "loan_interest" in names
    with pytest.raises(LexhubError) as failed:
        client.calculate("court_fee", {})
    (missing,) = failed.value.extra["missing"]
    given = {missing["id"]: missing["choices"][0], "amount": 20000}
    assert client.calculate("court_fee", given, on=date(2026, 1, 1)).articles
    alone = next(one for one in client.templates() if not one.session)
    assert client.draft(alone.name).media_type.startswith("text/markdown")


def test_the_service(client: Lexhub) -> None:
    assert [one.id for one in client.models()][:2] == ["lexhub", "lexhub-normal"]
    assert client.privacy().sections
    assert client.ready().status == "ready"
    assert client.usage().since <= client.usage().until


def test_administration(client: Lexhub) -> None:
    admin = client.admin
    name = admin.models().models[0]["name"]
    assert admin.model(name)["name"] == name
    before = admin.traffic().revision
    made = admin.weigh(name, 2.0, "试")
    assert (made.revision, made.policy.weights[name], made.why) == (before + 1, 2.0, "试")
    assert admin.weigh(name, None).policy.weights == {}
    ability = admin.model(name)["abilities"][0]
    assert admin.pin(ability, name, field="民间借贷").policy.pins
    assert not admin.unpin(ability, field="民间借贷").policy.pins
    assert admin.chain(ability, [name]).policy.chains
    assert not admin.roll_back(before).policy.chains
    assert admin.try_out(name, 10).policy.canaries
    assert not admin.replace(admin.revisions()[-1].policy.model_copy(update={"weights": {}})).policy.canaries
    with pytest.raises(LexhubError) as failed:
        admin.drain(name)  # the only one of its kind
    assert failed.value.code == "bad_policy"
    assert not admin.resume(name).policy.drained
    assert isinstance(admin.decisions(), list)
    assert "lexhub_" in admin.metrics()


def test_keys(url: str, client: Lexhub) -> None:
    made = client.admin.make_key(NewKey(name="Büro", scopes=["consult"]))
    with Lexhub(url, key=made.key) as other:
        assert refused_by(other) == "forbidden"
    rotated = client.admin.rotate_key(made.id)
    assert rotated.key != made.key
    with Lexhub(url, key=rotated.key) as other:
        assert refused_by(other) == "forbidden"
    assert client.admin.revoke_key(made.id).revoked
    assert made.id in [one.id for one in client.admin.keys()]  # noqa: SIM118
    assert client.admin.usage(key=made.id, since=date(2026, 1, 1)).since == date(2026, 1, 1)


def refused_by(client: Lexhub) -> str:
    """The code of the refusal to a key that may not administer, once the replica has read it from the database."""
    until = time.monotonic() + 20
    while True:
        with pytest.raises(LexhubError) as failed:
            client.admin.models()
        if failed.value.code != "invalid_api_key" or time.monotonic() > until:
            return failed.value.code
        time.sleep(0.1)


def test_a_limit_names_its_time(url: str) -> None:
    with Lexhub(url, key="few") as client, pytest.raises(LexhubError) as failed:
        for _ in range(3):
            client.consultations()
    assert (failed.value.code, failed.value.status) == ("rate_limited", 429)
    assert failed.value.retry_after is not None and 10 < failed.value.retry_after <= 120
