"""The operator's page: what an operator sees, and what comes of what he does to the traffic."""

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Site, Visit
from tests.browser.stories import LOAN
from tests.browser.visitor import Visitor

CARD = "{name: understudy, label: 替补, backend: composer, abilities: [dialogue], cost: 1, licence: Apache-2.0}"


@pytest.fixture(scope="module")
def theatre(chromium: str, home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server with two dialogue models, of which either can be spared."""
    folder = tmp_path_factory.mktemp("theatre")
    (folder / "corpora").symlink_to(home / "corpora")
    (folder / "cards").mkdir()
    (folder / "cards" / "understudy.yaml").write_text(CARD, "utf-8")
    models = {
        "keyword": ["neighbour-keyword", "ngram-planner"],
        "article": ["ngram-article"],
        "dialogue": ["composer", "understudy"],
    }
    made = Site(
        folder,
        {
            "card_folders": [str(folder / "cards")],
            "models": [{"name": name, "cards": cards} for name, cards in models.items()],
        },
    )
    made.start()
    yield made
    made.kill()


class Operator:
    """Who works at the console in one tab."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.page = visitor, visitor.page
        self.form, self.answer = self.page.locator("#lc-action"), self.page.locator("#lc-asked")
        self.why = self.form.get_by_role("textbox", name="原因")
        self.amount = self.form.get_by_role("spinbutton")
        self.confirm = self.page.get_by_role("button", name="确认执行")
        expect(self.row("composer")).to_be_visible()
        expect(self.page).to_have_title("律枢 · 运维控制台")
        expect(self.newest).to_be_visible()  # with it come the lists, and nothing after that

    def row(self, model: str) -> Locator:
        return self.page.locator("#lc-models tbody tr", has=self.page.get_by_text(model, exact=True))

    @property
    def newest(self) -> Locator:
        """The newest of the revisions."""
        return self.page.locator("#lc-revisions tbody tr").first

    def begin(self, action: str) -> None:
        if not self.why.is_visible():
            self.form.get_by_role("button", name="调整流量").click()
        box = self.form.get_by_role("combobox", name="操作", exact=True)
        box.click()
        self.page.get_by_role("option", name=action, exact=True).click()
        expect(box).to_have_value(action)
        self.visitor.rest()  # what it can be done to is there

    def subject(self, choice: str) -> Locator:
        """What the action can be done to."""
        return self.form.get_by_role("radio", name=choice, exact=True)

    def pick(self, choice: str) -> None:
        self.subject(choice).click()
        expect(self.subject(choice)).to_be_checked()

    def next(self, said: str) -> None:
        """Press the button; what is said then."""
        self.page.get_by_role("button", name="下一步").click()
        expect(self.answer).to_contain_text(said)

    def do(self, said: str) -> None:
        """Confirm; what is said then."""
        self.confirm.click()
        expect(self.answer).to_contain_text(said)
        expect(self.confirm).not_to_be_visible()


Enter = Callable[..., Operator]


@pytest.fixture
def enter(visit: Visit, theatre: Site) -> Enter:
    """Operators who open the console; before the first of them no policy is in force."""
    changed(theatre, "rollback", revision=0, why="从头")
    return lambda path="/ui/console/": Operator(visit(base=theatre.url, path=path))


def changed(site: Site, path: str, **given: object) -> None:
    """Change the policy by the API, as somebody else does."""
    method = "POST" if path.endswith(("rollback", "drain")) else "PUT"
    httpx.request(method, f"{site.url}/v1/admin/{path}", json=given, trust_env=False).raise_for_status()


def policy(site: Site) -> dict[str, object]:
    """What of the policy in force says something."""
    told = httpx.get(f"{site.url}/v1/admin/traffic", trust_env=False).json()["policy"]
    return {name: value for name, value in told.items() if value}


def test_a_model_is_drained_and_comes_back(enter: Enter, theatre: Site) -> None:
    operator = enter()
    operator.begin("停用")
    operator.pick("understudy")
    operator.why.fill("夜里维护")
    operator.next("将要执行：停用 understudy")
    assert policy(theatre) == {}
    operator.do("已执行：停用 understudy")
    expect(operator.row("understudy")).to_contain_text("已停用")
    expect(operator.newest).to_contain_text("夜里维护")
    assert policy(theatre) == {"drained": ["understudy"]}
    expect(operator.why).to_have_value("")
    operator.pick("composer")
    operator.why.fill("也停")
    operator.next("将要执行：停用 composer")
    operator.do("没有执行：停用之后没有模型能够完成")
    expect(operator.why).to_have_value("也停")  # nothing is lost
    operator.begin("恢复")
    operator.pick("understudy")
    operator.next("将要执行：恢复 understudy")
    operator.do("已执行：恢复 understudy")
    expect(operator.row("understudy")).to_contain_text("正常")
    assert policy(theatre) == {}


@pytest.mark.long
def test_a_share_of_the_sessions_is_set_changed_and_ended(enter: Enter, theatre: Site) -> None:
    operator = enter()
    operator.begin("灰度")
    operator.pick("understudy")
    operator.amount.fill("12.5")
    operator.why.fill("试一试")
    operator.next("12.5% 的会话先用 understudy")
    operator.amount.fill("20")
    expect(operator.confirm).not_to_be_visible()  # what was asked is not what stands there now
    operator.next("20% 的会话先用 understudy")
    operator.do("已执行")
    expect(operator.row("understudy")).to_contain_text("灰度 20%")
    assert policy(theatre) == {"canaries": [{"model": "understudy", "percent": 20}]}
    operator.pick("understudy · 灰度 20%")
    operator.why.fill("够了")
    operator.next("结束 understudy 的灰度")
    operator.do("已执行")
    assert policy(theatre) == {}


def test_what_is_lacking_or_wrong_is_named(enter: Enter, theatre: Site) -> None:
    operator = enter()
    operator.begin("取消固定")
    operator.next("现在没有固定")
    operator.begin("权重")
    operator.next("请选择模型")
    operator.pick("understudy")
    operator.next("请填写权重：0 到 1000000")
    operator.amount.fill("-1")
    operator.next("请填写权重：0 到 1000000")
    operator.amount.fill("3")
    operator.next("请写明原因")
    assert policy(theatre) == {}
    changed(theatre, "pins", ability="dialogue", model="understudy", why="固定它")
    operator.begin("停用")
    operator.pick("understudy")
    operator.next("understudy 正被固定或灰度")


@pytest.mark.long
def test_an_earlier_revision_comes_back(enter: Enter, theatre: Site) -> None:
    changed(theatre, "models/composer/weight", weight=3, why="分流")
    changed(theatre, "models/composer/weight", weight=5, why="再多些")
    operator = enter()
    operator.begin("回滚")
    operator.form.get_by_role("radio", name="分流").first.click()  # the newest of this name
    operator.why.fill("太多了")
    operator.next("（composer 权重 3）")
    operator.do("已执行：回到第")
    expect(operator.row("composer")).to_contain_text("权重 3")
    expect(operator.newest).to_contain_text("太多了")
    assert policy(theatre) == {"weights": {"composer": 3}}


def test_what_another_operator_takes_away_cannot_be_chosen_any_more(enter: Enter, theatre: Site) -> None:
    operator = enter()
    operator.begin("停用")
    expect(operator.subject("understudy")).to_be_visible()
    changed(theatre, "models/understudy/drain", why="别人")
    expect(operator.subject("understudy")).to_have_count(0)
    operator.pick("composer")
    operator.begin("取消固定")
    expect(operator.form.get_by_text("现在没有固定")).to_be_visible()


@pytest.mark.long
def test_two_operators_see_each_other(enter: Enter, theatre: Site) -> None:
    one, other = enter(), enter()
    one.begin("停用")
    one.pick("understudy")
    one.why.fill("甲的原因")
    one.next("将要执行")
    other.begin("权重")
    other.pick("composer")
    other.amount.fill("5")
    other.why.fill("乙的原因")
    other.next("将要执行")
    other.do("已执行")
    expect(one.newest).to_contain_text("乙的原因")  # by itself
    one.confirm.click()
    expect(one.answer).to_contain_text("乙的原因），请再看一遍。 将要执行：停用 understudy")
    assert policy(theatre) == {"weights": {"composer": 5}}
    one.do("已执行")
    expect(other.row("understudy")).to_contain_text("已停用")
    assert policy(theatre) == {"weights": {"composer": 5}, "drained": ["understudy"]}


@pytest.mark.long
def test_what_was_begun_and_looked_at_outlives_a_reload(enter: Enter, visit: Visit, theatre: Site) -> None:
    visit(base=theatre.url).quick(LOAN)
    operator = enter()
    operator.begin("权重")
    operator.pick("understudy")
    operator.amount.fill("4")
    operator.why.fill("还没有写完")
    operator.page.wait_for_function("sessionStorage.getItem('lexhub-console')?.includes('还没有写完')")
    operator.page.reload()
    expect(operator.form.get_by_role("combobox", name="操作")).to_have_value("权重")
    expect(operator.subject("understudy")).to_be_checked()
    expect(operator.amount).to_have_value("4")
    expect(operator.why).to_have_value("还没有写完")
    operator.next("将要执行：understudy 的权重设为 4")
    operator.page.get_by_role("tab", name="请求").click()
    request = operator.page.locator("#lc-requests .lc-pick").first
    id = request.get_attribute("data-id")
    request.click()
    expect(operator.page.locator("#lc-trace")).to_contain_text("模型的选择")
    operator.page.reload()
    expect(operator.page.get_by_role("tab", name="请求")).to_have_attribute("aria-selected", "true")
    expect(operator.page.locator("#lc-trace")).to_contain_text("模型的选择")
    expect(operator.page.get_by_role("textbox", name="请求编号")).to_have_value(str(id))


def test_an_action_by_the_keyboard_alone(enter: Enter, theatre: Site) -> None:
    operator = enter()
    page, visitor = operator.page, operator.visitor
    visitor.tab_to(page.get_by_role("button", name="调整流量"))
    page.keyboard.press("Enter")
    visitor.tab_to(operator.subject("understudy"))
    visitor.rest()
    page.keyboard.press("Space")
    expect(operator.subject("understudy")).to_be_checked()
    visitor.tab_to(operator.why)
    page.keyboard.type("键盘")
    page.keyboard.press("Enter")
    expect(operator.answer.locator(".lc-answer")).to_be_focused()
    expect(operator.confirm).to_be_visible()
    visitor.tab_to(operator.confirm, limit=1)
    page.keyboard.press("Enter")
    expect(operator.answer).to_contain_text("已执行：停用 understudy")
    expect(operator.answer.locator(".lc-answer")).to_be_focused()
    assert policy(theatre) == {"drained": ["understudy"]}


def test_the_console_in_english(visit: Visit, theatre: Site) -> None:
    page = visit(base=theatre.url, path="/ui/console/?lang=en").page
    expect(page).to_have_title("Lexhub · operator's console")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("tab")).to_have_text(["Models", "Requests", "Plots", "Usage", "Storage"])
    page.get_by_role("link", name="To the consultation page").click()
    expect(page).to_have_url(f"{theatre.url}/ui/en/")


@pytest.mark.long
def test_the_console_shows_what_was_done(visit: Visit, theatre: Site) -> None:
    visit(base=theatre.url).quick(LOAN)
    operator = visit(base=theatre.url, path="/console")
    expect(operator.page).to_have_url(f"{operator.base}/ui/console/")
    expect(operator.page.get_by_role("heading").first).to_be_visible()
    operator.look("console", notices=False)
    for at, tab in enumerate(operator.page.get_by_role("tab").all()):
        tab.click()
        operator.page.wait_for_timeout(1500)
        operator.look(f"console-{at}", notices=False)


@pytest.mark.long
def test_an_action_on_a_phone(visit: Visit, theatre: Site) -> None:
    changed(theatre, "rollback", revision=0, why="从头")
    operator = Operator(visit("phone", base=theatre.url, path="/ui/console/"))
    operator.begin("停用")
    operator.pick("understudy")
    operator.why.fill("在路上")
    operator.next("将要执行")
    operator.visitor.look("console-asked", notices=False)
    operator.do("已执行")
    operator.visitor.look("console-done", notices=False)
