"""The tab of one's own data: the notice, the list, taking along and deleting."""

import json

from deploy.page.tools.mine import answer
from deploy.page.tools.panel import Told, answered
from deploy.sdk import AsyncLexhub
from orchestrator.contracts import UserMessage
from orchestrator.wording import typeset
from tests.deploy.page.tools.conftest import Visiting

HOSTILE = "<img src=x onerror=alert(1)>你好"


async def begun(client: AsyncLexhub, words: str = HOSTILE) -> str:
    made = await client.create()
    await client.send(made.id, UserMessage(content=words))
    return made.id


async def shown(client: AsyncLexhub, **told: object) -> str:
    return (await answer(client, Told.model_validate({"action": "open", **told}), "zh")).panel or ""


async def test_all_is_listed_with_the_notice_and_inert(visiting: Visiting) -> None:
    async with visiting() as client:
        id = await begun(client)
        made = await shown(client)
        other = await shown(client.of("page:two"))
        notice = await client.privacy()
    assert all(section.title in made and typeset(section.text) in made for section in notice.sections)
    assert "<img" not in made and "&lt;img" in made and f'data-id="{id}"' in made
    assert id not in other and "没有保存任何咨询" in other


async def test_exports_are_files_with_what_the_api_gives(visiting: Visiting) -> None:
    async with visiting() as client:
        first, second = await begun(client), await begun(client)
        one = (await answer(client, Told(action="export", id=first), "zh")).file
        all = (await answer(client, Told(action="export"), "zh")).file
        assert one is not None and all is not None
        assert json.loads(one.content) == await client.export(first)
        assert json.loads(all.content) == await client.export_all()
    assert first.encode() in all.content and second.encode() in all.content
    assert one.media_type == "application/json" and one.name.endswith(".json")


async def test_one_is_deleted_and_the_rest_stays(visiting: Visiting) -> None:
    async with visiting() as client:
        first, second = await begun(client), await begun(client)
        made = await shown(client, action="delete", id=first)
        left = [one.id for one in await client.consultations()]
    assert "已删除这次咨询" in made and left == [second]


async def test_everything_is_deleted_only_after_the_word_was_typed(visiting: Visiting) -> None:
    async with visiting() as client:
        await begun(client)
        await begun(client)
        for word in ("", "是", "DELETE"):
            made = await shown(client, action="delete_all", values={"word": word})
            assert "没有删除" in made and 'aria-invalid="true"' in made
        assert len(await client.consultations()) == 2
        made = await shown(client, action="delete_all", values={"word": " 删除 "})
        assert await client.consultations() == []
    assert "已删除 2 次咨询" in made


async def test_a_failure_is_shown_with_its_code(visiting: Visiting) -> None:
    async with visiting() as client:
        made = await answered(answer, client, {"action": "delete", "id": "nobodys"}, "zh")
    assert "session_not_found" in (made.panel or "")
