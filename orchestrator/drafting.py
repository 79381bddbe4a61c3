"""A session's papers: the matter as its state has it, and what the client told for the gaps of a template."""

import dataclasses
from collections.abc import Mapping
from datetime import date

from orchestrator.contracts import Opinion
from orchestrator.documents import told
from orchestrator.documents.matter import Matter
from orchestrator.documents.template import Template
from orchestrator.state import State
from orchestrator.steps.common import causes_of, facts_of, story_of


def matter_of(state: State, today: date, wanted: Template, values: Mapping[str, str] | None = None) -> Matter:
    """The matter for this template. Names are read from the story, then from what the client told while
    it was drafted; `values` override both."""
    matter = _matter(state, today)
    kept = state.get("paper", {})
    drafted = kept["values"] if kept.get("template") == wanted.name else {}
    story = told.people(wanted, matter.story, matter)
    return dataclasses.replace(matter, values={**story, **drafted, **(values or {})})


def _matter(state: State, today: date) -> Matter:
    if state.get("opinion"):
        return Matter.of(Opinion.model_validate(state["opinion"]), {}, facts_of(state) or None)
    return Matter(
        on=today,
        field=state.get("domain", ""),
        causes=tuple(causes_of(state)),
        facts=facts_of(state),
        story=story_of(state),
    )
