"""Typed plans (HuggingGPT, section 3.1): the default plan of each route, and the check and repair of any plan.

A planner may propose tasks; whatever it proposes is made valid here or replaced by the default, never executed as
it came and never a crash.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from orchestrator.contracts import Plan, Route, Task

MOST_PROPOSED = 32  # tasks of a planner's own plan that are looked at


def default(route: Route, domain: str, mode: str) -> Plan:
    """The plan of the route: consultation tasks, a lookup, a search, or one courteous reply."""
    if route == "consult":
        tasks = [
            Task(task="keywords", id=1, args={"text": "<story>"}),
            Task(task="articles", id=2, dep=(1,), args={"text": "<story>", "keywords": "<result-1>"}),
            Task(task="cases", id=3, dep=(1,), args={"text": "<story>", "keywords": "<result-1>"}),
            Task(task="answer", id=4, dep=(2, 3), args={"articles": "<result-2>", "cases": "<result-3>"}),
            Task(task="verify", id=5, dep=(4,), args={"answer": "<result-4>"}),
        ]
        if mode == "normal":
            tasks[3] = Task(task="answer", id=4, dep=(2,), args={"articles": "<result-2>"})
            del tasks[2]
    elif route in ("article_lookup", "calculate"):
        done, result = ("lookup", "articles") if route == "article_lookup" else ("calculate", "calculation")
        tasks = [
            Task.model_validate({"task": done, "id": 1, "args": {"text": "<message>"}}),
            Task(task="answer", id=2, dep=(1,), args={result: "<result-1>"}),
            Task(task="verify", id=3, dep=(2,), args={"answer": "<result-2>"}),
        ]
    elif route in ("article_search", "case_search"):
        kind = "articles" if route == "article_search" else "cases"
        tasks = [
            Task(task="keywords", id=1, args={"text": "<message>"}),
            Task.model_validate(
                {"task": kind, "id": 2, "dep": (1,), "args": {"text": "<message>", "keywords": "<result-1>"}}
            ),
            Task(task="answer", id=3, dep=(2,), args={kind: "<result-2>"}),
            Task(task="verify", id=4, dep=(3,), args={"answer": "<result-3>"}),
        ]
    else:
        tasks = [Task(task="reply", id=1, args={"route": route})]
    return Plan(route=route, domain=domain, tasks=tuple(tasks))


def repaired(route: Route, domain: str, mode: str, proposed: Sequence[Mapping[str, Any]] | None) -> Plan:
    """The proposed tasks made valid, or the route's default plan where they cannot be; `repaired` says what was done.

    Dropped: unknown tasks, doubled ids, a second task of one kind (no plan makes work without end), dependencies on
    tasks that do not exist or come in a circle, references to results that the task does not wait for (the dependency
    is added instead).
    """
    base = default(route, domain, mode)
    if proposed is None:
        return base
    notes: list[str] = []
    tasks: dict[int, Task] = {}
    for row in proposed[:MOST_PROPOSED]:
        try:
            task = Task.model_validate(dict(row))
        except ValidationError:
            notes.append(f"去掉无法识别的任务:{row.get('task', '?')!s:.40}")
            continue
        if task.id in tasks:
            notes.append(f"去掉编号重复的任务:{task.id}")
            continue
        if any(one.task == task.task for one in tasks.values()):
            notes.append(f"去掉重复的任务:{task.task}")
            continue
        tasks[task.id] = task
    for id, task in list(tasks.items()):
        needed = set(task.dep) | {int(ref) for ref in references(task) if re.fullmatch("[0-9]{1,6}", ref)}
        dep = tuple(sorted(one for one in needed if one in tasks and one != id))
        if dep != tuple(sorted(task.dep)):
            notes.append(f"任务{id}的依赖已修正")
        tasks[id] = task.model_copy(update={"dep": dep})
    required = {task.task for task in base.tasks if task.task in ("answer", "verify", "reply")}
    if not required <= {task.task for task in tasks.values()} or not _orderable(tasks.values()):
        return base.model_copy(update={"repaired": (*notes, "计划不完整或有循环,改用默认计划")})
    return Plan(route=route, domain=domain, tasks=tuple(tasks.values()), repaired=tuple(notes))


def references(task: Task) -> list[str]:
    """The names that the task's arguments refer to: `<result-2>` gives "2", `<story>` gives "story"."""
    return [value[1:-1].removeprefix("result-") for value in task.args.values() if value.startswith("<")]


def ready(plan: Plan, done: Iterable[int]) -> list[Task]:
    """The tasks whose dependencies are all done and that are not done themselves."""
    finished = set(done)
    return [task for task in plan.tasks if task.id not in finished and set(task.dep) <= finished]


def _orderable(tasks: Iterable[Task]) -> bool:
    plan = Plan(route="consult", domain="", tasks=tuple(tasks))
    done: set[int] = set()
    while len(done) < len(plan.tasks):
        step = {task.id for task in ready(plan, done)}
        if not step:
            return False
        done |= step
    return True
