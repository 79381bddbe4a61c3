"""The page through Gradio's own endpoints: what an event of the browser brings back."""

import json
import re
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from deploy.page.texts import text
from tests.deploy.page.conftest import Begin
from tests.deploy.page.test_turns import STORY

# Gradio counts its own events with options of pandas that are on their way out.


@dataclass
class Window:
    """One window of a browser on the page: it knows the page's configuration, and sends events as Gradio's script does."""

    http: httpx.AsyncClient
    config: dict[str, Any]

    def component(self, elem_id: str) -> int:
        """The id of a component."""
        return int(next(one["id"] for one in self.config["components"] if one["props"].get("elem_id") == elem_id))

    async def act(self, elem_id: str | None, event: str, *data: Any, happened: Any = None) -> str:
        """What comes back on an event of a component (None: of the page), as the text of the stream."""
        at = None if elem_id is None else self.component(elem_id)
        found = next(
            one for one in self.config["dependencies"]
            if any(target[1] == event and (at is None or target[0] == at) for target in one["targets"])
        )  # fmt: skip
        return await self.send(found["id"], *data, happened=happened, at=at)

    def following(self, elem_id: str, event: str) -> int:
        """What Gradio's script does after an event of the component, as `send` takes it."""
        at = self.component(elem_id)
        first = next(one["id"] for one in self.config["dependencies"] if [at, event] in one["targets"])
        return int(next(one["id"] for one in self.config["dependencies"] if one["trigger_after"] == first))

    async def send(self, event: int, *data: Any, happened: Any = None, at: int | None = None) -> str:
        """What comes back on the event of this number."""
        body = {
            "data": list(data),
            "fn_index": event,
            "session_hash": "window1",
            "event_data": happened,
            "trigger_id": at,
        }
        joined = await self.http.post("/ui/gradio_api/queue/join", json=body)
        assert joined.status_code == 200, joined.text
        stream = await self.http.get("/ui/gradio_api/queue/data?session_hash=window1", timeout=60)
        rows = [json.loads(line[6:]) for line in stream.text.splitlines() if line.startswith("data: ")]
        ended = [row for row in rows if row["msg"] == "process_completed"]
        assert ended and ended[-1]["success"], stream.text[-500:]
        return json.dumps(rows, ensure_ascii=False)


async def window(http: httpx.AsyncClient) -> Window:
    """A new window."""
    document = (await http.get("/ui/")).text
    found = re.search(r"window\.gradio_config = (\{.*?\}); window", document, re.S)
    assert found is not None
    return Window(http, json.loads(found[1]))


def consultation(shown: str) -> str:
    """The id of the consultation that the page opened."""
    found = re.search(r'"([\w-]{24})"', shown)
    assert found is not None
    return found[1]


async def test_a_story_brings_questions_and_the_reply_brings_more(begin: Begin) -> None:
    async with begin() as both:
        at = await window(both.page)
        shown = await at.act("lx-send", "click", STORY, "", "professional", [])
        assert text("questions.title", "zh") in shown and text("chat.asked", "zh") in shown
        id = consultation(shown)
        asked = re.findall(r'name=\\"(\w+)\\" value', shown)
        happened = {"action": "reply", "values": dict.fromkeys(asked, "不清楚")}
        again = await at.act("lx-below", "select", id, "professional", [], "", happened=happened)
        assert "errors" not in again and id in again
        opened = await at.act(None, "load", id)
        assert "不清楚" in opened and STORY[:10] in opened


async def test_two_visitors_do_not_see_each_others_consultations(begin: Begin) -> None:
    async with begin() as both:
        mine = await window(both.page)
        id = consultation(await mine.act("lx-send", "click", STORY, "", "normal", []))
        both.page.cookies.clear()
        other = await window(both.page)
        shown = await other.act(None, "load", id)
        assert STORY[:10] not in shown and "session_not_found" in shown
        listed = await other.act(None, "load", "")
        assert STORY[:10] not in listed


async def test_an_article_opens_in_the_version_cited(begin: Begin) -> None:
    async with begin() as both:
        at = await window(both.page)
        happened = {"action": "article", "law": "民法典", "number": "675", "id": "民法典#675"}
        shown = await at.act("lx-drawer", "select", happened=happened)
        assert "lx-drawer" in shown and "第六百七十五条" in shown and text("article.status.in_force", "zh") in shown


async def test_an_error_is_told_with_its_code(begin: Begin) -> None:
    async with begin() as both:
        at = await window(both.page)
        happened = {"action": "article", "law": "民法典", "number": "9999", "id": "民法典#9999"}
        assert "no_such_article" in await at.act("lx-drawer", "select", happened=happened)


@pytest.mark.parametrize(
    "happened", [{}, {"action": "nonsense"}, {"action": "reply", "values": {}}, {"action": "rate", "turn": "x"}]
)
async def test_what_no_view_reports_changes_nothing(begin: Begin, happened: dict[str, Any]) -> None:
    async with begin() as both:
        at = await window(both.page)
        await at.act("lx-below", "select", "", "professional", [], "", happened=happened)
        assert "session_not_found" not in await at.act(None, "load", "")


async def test_consent_is_asked_for_and_kept_where_it_is_required(begin: Begin) -> None:
    async with begin(consent="required", contact="法务部") as both:
        at = await window(both.page)
        blank = await at.act(None, "load", "")
        version = (await both.client.privacy()).version
        assert f"given@{version}" in blank and text("consent.notice", "zh") in blank
        assert "consent_required" in await at.act("lx-send", "click", STORY, "", "normal", [])
        given = [f"given@{version}", f"sensitive@{version}"]
        assert "session_not_found" not in await at.act("lx-send", "click", STORY, "", "normal", given)


async def test_a_turn_changes_values_and_never_what_is_there(begin: Begin) -> None:
    """Of an update that changes `visible` while others come, Gradio's browser part may show an older one."""
    async with begin() as both:
        at = await window(both.page)
        shown = await at.act("lx-send", "click", STORY, "", "professional", [])
        assert text("questions.title", "zh") in shown and '"visible"' not in shown and "lx-running" in shown


async def test_a_blank_message_changes_nothing(begin: Begin) -> None:
    """An event that answers nothing at all would empty the page."""
    async with begin() as both:
        at = await window(both.page)
        for words in ("", " \n "):
            shown = json.loads(await at.act("lx-send", "click", words, "", "professional", []))
            changed = [one for row in shown if "output" in row for one in row["output"]["data"]]
            assert changed and all(one["__type__"] == "update" and set(one) <= {"__type__", "props"} for one in changed)


async def test_what_is_deleted_among_my_data_goes_from_the_page_too(begin: Begin) -> None:
    async with begin() as both:
        at = await window(both.page)
        id = consultation(await at.act("lx-send", "click", STORY, "", "normal", []))
        then = at.following("lx-mine", "select")
        assert text("welcome.title", "zh") not in await at.send(then, id, "normal")
        await at.act("lx-mine", "select", happened={"action": "delete", "id": id})
        shown = await at.send(then, id, "normal")
        assert text("welcome.title", "zh") in shown and text("history.empty", "zh") in shown


async def test_an_answer_is_deleted_from_the_list(begin: Begin) -> None:
    async with begin() as both:
        at = await window(both.page)
        id = consultation(await at.act("lx-send", "click", STORY, "", "normal", []))
        gone = await at.act("lx-history", "select", id, "normal", happened={"action": "delete", "id": id})
        assert text("welcome.title", "zh") in gone
        assert "session_not_found" in await at.act(None, "load", id)
