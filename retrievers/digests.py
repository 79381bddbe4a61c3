"""The embedded corpus: digests of articles in our own words, invented teaching cases, and their check.

`check` compares every digest with the official text: the article exists, its law was not changed since, every
number, period and amount and every 应当/可以/不得 of the digest stands in the article, and no run of the statute's
own characters is copied.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field

from retrievers import figures

HERE = Path(__file__).parent
ARTICLES, QUESTIONS, CASES = (HERE / "embedded" / name for name in ("articles", "questions", "cases"))
LONGEST_RUN = 15  # characters of the statute that a digest may share with it: the length of a legal term


class Digest(BaseModel):
    """What one article says, in our words. `asked_as`: lay questions it answers; `terms`: legal search terms."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[^#]+#\d+(-\d+)?$")
    digest: str = Field(min_length=12)
    terms: tuple[str, ...] = Field(min_length=2)
    asked_as: tuple[str, ...] = Field(min_length=2)
    field: str


class Questions(BaseModel):
    """Lay questions, ours, that an article answers of which there need be no digest."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[^#]+#\d+(-\d+)?$")
    asked_as: tuple[str, ...] = Field(min_length=1)


class TeachingCase(BaseModel):
    """An invented case for teaching: no such judgment exists, and it is labelled so wherever it is shown."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^教学案例-.+-\d+$")
    title: str
    field: str
    cause: str
    facts: str = Field(min_length=60)
    issue: str
    outcome: str
    reasoning: str
    articles: tuple[str, ...] = Field(min_length=1)


def digests(folder: Path = ARTICLES) -> Iterator[Digest]:
    """All digests, file by file; `field` comes from the head of each file. Raises ValueError naming a bad file."""
    for path in sorted(folder.glob("*.yaml")):
        content = _load(path)
        for row in content["articles"]:
            yield Digest(**row, field=content["field"])


def questions(folder: Path = QUESTIONS) -> Iterator[Questions]:
    """All lay questions beside the digests, file by file. Raises ValueError naming a bad file."""
    for path in sorted(folder.glob("*.yaml")):
        for row in _load(path)["questions"]:
            yield Questions(**row)


def cases(folder: Path = CASES) -> Iterator[TeachingCase]:
    """All teaching cases, file by file. Raises ValueError naming a bad file."""
    for path in sorted(folder.glob("*.yaml")):
        content = _load(path)
        for row in content["cases"]:
            yield TeachingCase(**row, field=content["field"])


def superseded(today: date) -> dict[str, dict[str, object]]:
    """Law (or the instrument it replaces) → its row of superseded.yaml, for those changed by `today`."""
    rows = yaml.safe_load((HERE / "superseded.yaml").read_text(encoding="utf-8"))
    return {row.get("replaces", row["law"]): row for row in rows if row["from"] <= today}


def check(rows: Iterable[Digest], official: Mapping[str, str], today: date) -> list[str]:
    """Every fault of the digests against `official` (article id → text), one readable line each."""
    faults: list[str] = []
    seen: dict[str, str] = {}
    changed = superseded(today)
    for row in rows:
        if row.id in seen:
            faults.append(f"{row.id}: twice, in {seen[row.id]} and {row.field}")
        seen[row.id] = row.field
        if row.id.split("#")[0] in changed:
            faults.append(f"{row.id}: its law was changed since; it must not be digested")
        if (text := official.get(row.id)) is None:
            faults.append(f"{row.id}: no such article")
            continue
        if missing := figures.unfounded(row.digest, text):
            faults.append(f"{row.id}: not in the official text: {'、'.join(missing)}")
        if len(run := longest_common_run(row.digest, text)) > LONGEST_RUN:
            faults.append(f"{row.id}: copies the statute: {run}")
    return faults


def check_questions(
    rows: Iterable[Questions], digested: Collection[str], official: Mapping[str, str], today: date
) -> list[str]:
    """Every fault of the lay questions beside the digests, as `check`."""
    faults: list[str] = []
    seen: set[str] = set()
    changed = superseded(today)
    for row in rows:
        if row.id in seen or row.id in digested:
            faults.append(f"{row.id}: twice, or digested, where its questions belong")
        seen.add(row.id)
        if row.id.split("#")[0] in changed:
            faults.append(f"{row.id}: its law was changed since; nothing is to be asked of it")
        if (text := official.get(row.id)) is None:
            faults.append(f"{row.id}: no such article")
            continue
        runs = (longest_common_run(question, text) for question in row.asked_as)
        faults += [f"{row.id}: copies the statute: {run}" for run in runs if len(run) > LONGEST_RUN]
    return faults


def longest_common_run(one: str, other: str) -> str:
    """The longest string of characters that both texts hold."""
    best = ""
    for start in range(len(one)):
        while start + len(best) < len(one) and one[start : start + len(best) + 1] in other:
            best = one[start : start + len(best) + 1]
    return best


def _load(path: Path) -> dict[str, Any]:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)  # type: ignore[no-any-return]
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ValueError(f"{path.name}: {error}") from error


def main() -> None:
    """`python -m retrievers.digests OFFICIAL.jsonl [FIELD …]`: print the faults; exit 1 if there are any."""
    import json
    import sys

    with open(sys.argv[1], encoding="utf-8") as lines:
        official = {row["id"]: row["text"] for row in map(json.loads, lines)}
    wanted = set(sys.argv[2:])
    rows = [row for row in digests() if not wanted or row.field in wanted]
    known = [case for case in cases() if not wanted or case.field in wanted]
    faults = check(rows, official, date.today())
    asked = [] if wanted else list(questions())
    faults += check_questions(asked, {row.id for row in rows}, official, date.today())
    faults += [f"{c.id}: cites {a}, which does not exist" for c in known for a in c.articles if a not in official]
    print(
        *faults,
        f"{len(rows)} digests, {len(asked)} more with questions, {len(known)} cases, {len(faults)} faults",
        sep="\n",
    )
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
