"""Default plans, and whatever a planner proposes made valid."""

from typing import Any, get_args

import pytest

from orchestrator import planning
from orchestrator.contracts import ROUTES, Plan, Route

CONSULT = [
    {"task": "keywords", "id": 1},
    {"task": "articles", "id": 2, "dep": [1], "args": {"keywords": "<result-1>"}},
    {"task": "answer", "id": 3, "dep": [2]},
    {"task": "verify", "id": 4, "dep": [3]},
]


def made(*rows: dict[str, Any], route: Route = "consult") -> Plan:
    return planning.repaired(route, "民间借贷", "professional", rows)


def names(plan: Plan) -> list[str]:
    return [task.task for task in plan.tasks]


def runs_through(plan: Plan) -> bool:
    done: list[int] = []
    while step := planning.ready(plan, done):
        done += [task.id for task in step]
    return len(done) == len(plan.tasks)


def test_the_routes_are_those_of_the_contract() -> None:
    assert get_args(Route) == tuple(ROUTES)


@pytest.mark.parametrize("mode", ["professional", "normal"])
@pytest.mark.parametrize("route", ROUTES)
def test_every_default_plan_can_be_run(route: Route, mode: str) -> None:
    plan = planning.default(route, "劳动", mode)
    assert (plan.route, plan.domain, plan.repaired) == (route, "劳动", ())
    assert runs_through(plan)
    assert {ref for task in plan.tasks for ref in planning.references(task) if ref.isdigit()} <= {
        str(task.id) for task in plan.tasks
    }


def test_a_consultation_searches_articles_and_cases_side_by_side() -> None:
    plan = planning.default("consult", "劳动", "professional")
    assert [task.task for task in planning.ready(plan, [1])] == ["articles", "cases"]
    assert [task.task for task in planning.ready(plan, [1, 2])] == ["cases"]
    assert [task.task for task in planning.ready(plan, [1, 2, 3])] == ["answer"]


def test_normal_mode_looks_for_no_cases() -> None:
    assert names(planning.default("consult", "劳动", "normal")) == ["keywords", "articles", "answer", "verify"]


def test_nothing_proposed_is_the_default() -> None:
    assert planning.repaired("consult", "劳动", "professional", None) == planning.default(
        "consult", "劳动", "professional"
    )


def test_a_good_plan_is_kept_as_it_is() -> None:
    plan = made(*CONSULT)
    assert names(plan) == ["keywords", "articles", "answer", "verify"]
    assert plan.repaired == ()


@pytest.mark.parametrize(
    "bad",
    [
        {"task": "hack", "id": 9},
        {"task": "keywords", "id": 0},
        {"task": "keywords", "id": "x"},
        {"task": "keywords"},
        {},
        {"task": "keywords", "id": 9, "shell": "rm"},
        {"task": "keywords", "id": 9, "args": {"text": 3}},
        {"task": "x" * 5000, "id": 9},
    ],
)
def test_an_unknown_task_is_dropped_and_named(bad: dict[str, Any]) -> None:
    plan = made(*CONSULT, bad)
    assert names(plan) == ["keywords", "articles", "answer", "verify"]
    [note] = plan.repaired
    assert note.startswith("去掉无法识别的任务")
    assert len(note) < 80


def test_of_doubled_ids_the_first_stays() -> None:
    plan = made(*CONSULT, {"task": "cases", "id": 2})
    assert names(plan) == ["keywords", "articles", "answer", "verify"]
    assert plan.repaired == ("去掉编号重复的任务:2",)


def test_a_second_task_of_a_kind_is_dropped() -> None:
    plan = made(*CONSULT, *({"task": "articles", "id": id} for id in range(10, 500)))
    assert names(plan) == ["keywords", "articles", "answer", "verify"]
    assert set(plan.repaired) == {"去掉重复的任务:articles"}
    assert len(plan.repaired) < planning.MOST_PROPOSED


def test_dependencies_on_what_is_not_there_are_dropped() -> None:
    rows = [*CONSULT[:2], {"task": "answer", "id": 3, "dep": [2, 77, 3]}, CONSULT[3]]
    plan = made(*rows)
    assert plan.tasks[2].dep == (2,)
    assert plan.repaired == ("任务3的依赖已修正",)
    assert runs_through(plan)


def test_a_reference_to_a_result_is_waited_for() -> None:
    rows = [CONSULT[0], {"task": "articles", "id": 2, "args": {"keywords": "<result-1>"}}, *CONSULT[2:]]
    plan = made(*rows)
    assert plan.tasks[1].dep == (1,)
    assert "任务2的依赖已修正" in plan.repaired


@pytest.mark.parametrize("text", ["<result-x>", "<story>", "<result-99>", "<", "", "<result-1> und mehr", "<result-²>"])
def test_a_strange_reference_is_no_crash(text: str) -> None:
    assert runs_through(made(*CONSULT[:3], {"task": "verify", "id": 4, "dep": [3], "args": {"answer": text}}))


@pytest.mark.parametrize(
    "rows",
    [
        [],
        CONSULT[:2],
        CONSULT[:3],
        [{"task": "answer", "id": 1, "dep": [2]}, {"task": "verify", "id": 2, "dep": [1]}],
        [
            {"task": "answer", "id": 1},
            {"task": "verify", "id": 2, "args": {"x": "<result-3>"}},
            {"task": "cases", "id": 3, "dep": [2]},
        ],
    ],
)
def test_an_incomplete_or_circular_plan_gives_way_to_the_default(rows: list[dict[str, Any]]) -> None:
    plan = made(*rows)
    assert plan.tasks == planning.default("consult", "民间借贷", "professional").tasks
    assert "改用默认计划" in plan.repaired[-1]


def test_references_name_results_and_texts() -> None:
    plan = planning.default("consult", "劳动", "professional")
    assert planning.references(plan.tasks[1]) == ["story", "1"]
