"""What was told is not asked: all stories of the fields, told whole, in parts, with other marks and characters."""

import re
from datetime import date
from functools import cache

import pytest

from orchestrator import asking, facts, reasoning
from orchestrator.contracts import Fact
from orchestrator.domains import packs
from orchestrator.domains.pack import Element
from orchestrator.wording import plain
from tests.orchestrator.stories import stories

TODAY = date(2026, 11, 20)
FEW = 10  # stories of three thousand of which a half, told first, names another trouble than the whole
NEGATED = re.compile(r"(没有?|未|不|无|别|不是|并非|尚未|从未)(我们?|他们?|她|对方)?$|[○]")


@cache
def asked(name: str, *messages: str) -> tuple[dict[str, Fact], list[str]]:
    """Facts and questions of a field after these messages, as orchestrator/steps/understand.py and clarify.py make
    them.
    """
    domain, known = packs()[name], dict[str, Fact]()
    for at, message in enumerate(messages, 1):
        jointly = facts.together(domain.elements, messages[:at], TODAY)
        new = facts.extract(domain.elements, message, TODAY)
        known = {**jointly, **facts.merge(known, facts.reconciled(known, new, jointly))}
    story = facts.joined(messages)
    causes = reasoning.recognise(domain, story)
    active = {id for cause in causes for id in cause.elements}
    known = {id: fact for id, fact in known.items() if id in active}
    decision = reasoning.decide(causes, known, TODAY)
    return known, [element.id for element in asking.listed(domain, causes, decision, known, story)]


def says(element: Element, text: str) -> bool:
    """Whether a pattern of a choice matches where no negation stands before it; read apart from facts.py."""
    said = plain(text)
    unasked = re.sub(r"有没有|有无|是否|是不是(?=有|没)|(\S)没\1过?", lambda match: "○" * len(match[0]), said)
    return any(
        not NEGATED.search(unasked[max(0, match.start() - 4) : match.start()])
        for choice in element.choices
        for pattern in choice.says
        for match in re.finditer(pattern, unasked)
        if re.compile(pattern).match(said, match.start())  # 说(?!赚) is not found in 说赚没赚, of which 说○○○ is left
    )


def halves(story: str) -> list[str]:
    parts = [part for part in re.split(r"(?<=[,，。;；!！?？])", story) if part]
    middle = len(parts) // 2
    return ["".join(parts[:middle]), "".join(parts[middle:])] if len(parts) > 2 else [story]


def test_there_are_many_stories() -> None:
    assert len(stories()) > 800


def test_no_question_is_about_what_a_pattern_finds_in_the_story() -> None:
    wrong = []
    for domain, story in stories():
        for messages in ([story], halves(story)):
            _, questions = asked(domain.name, *messages)
            wrong += [
                (domain.name, id, story)
                for id in questions
                for message in messages
                if domain.element(id).kind == "choice" and says(domain.element(id), message)
            ]
    assert wrong == []


def test_a_story_told_in_two_messages_is_asked_no_more_than_one_told_at_once() -> None:
    more = []
    for domain, story in stories():
        whole, parts = asked(domain.name, story), asked(domain.name, *halves(story))
        if set(parts[1]) - set(whole[1]):
            more.append((domain.name, story))
    assert len(more) <= FEW, more


def wide(text: str) -> str:
    return text.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})


@pytest.mark.long
def test_full_width_characters_ask_the_same() -> None:
    for domain, story in stories():
        assert asked(domain.name, wide(story)) == asked(domain.name, story)


@pytest.mark.long
@pytest.mark.skipif(plain("沒") != "没", reason="traditional characters are read once wording.plain maps them")
def test_traditional_characters_ask_the_same() -> None:
    pairs = dict(
        zip(
            "借没签转账钱还说过年约写条给东车伤医书国归时间劳离婚财产买卖违赔偿费债务责认",
            "借沒簽轉賬錢還說過年約寫條給東車傷醫書國歸時間勞離婚財產買賣違賠償費債務責認",
            strict=True,
        )
    )
    for domain, story in stories():
        assert asked(domain.name, story.translate(str.maketrans(pairs)))[1] == asked(domain.name, story)[1]
