"""Opinions from a small invented field: what is said when nothing can be concluded yet."""

from datetime import date

from orchestrator import opinion, reasoning
from retrievers.contracts import Passage
from tests.orchestrator.fields import FERRY

TODAY = date(2026, 11, 20)
PLANK = FERRY.causes[0]


def passage(id: str) -> Passage:
    return Passage.model_validate(
        {
            "id": id,
            "law": id.partition("#")[0],
            "number": 1,
            "article": "第一条",
            "text": "租火种要写字据。",
            "kind": "digest",
        }
    )


def test_undecided_matters_say_what_they_depend_on_instead_of_quoting_at_random() -> None:
    decision = reasoning.decide([PLANK], {}, TODAY)
    ids = opinion.wanted_articles([PLANK], decision)
    plan = opinion.full(FERRY, [PLANK], {}, {id: passage(id) for id in ids}, (), TODAY)
    assert len(plan.conclusions) == 1
    assert plan.conclusions[0].startswith("要得出结论,还要先弄清「您的身份」")
    assert plan.unknowns
    assert plan.steps
