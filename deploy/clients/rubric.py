"""The form on which two readers judge consultations by ChatLaw's six points, and what two filled forms say."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.metrics import cohen_kappa_score

from deploy.settings import BadSettings

POINTS = {
    "correct": "正确:结论与所引法律对不对",
    "complete": "完整:该说的情形、请求、证据、期限有没有遗漏",
    "logical": "逻辑:从事实到结论是否讲得通",
    "clear": "清楚:不懂法律的人能不能读懂",
    "guiding": "有指导:读完知道下一步做什么、去哪里、什么时候之前",
    "authoritative": "权威:依据是否来自现行法律,引用是否可查",
}
SCALE = (1, 2, 3, 4, 5)
HEADER = ("consultation", *POINTS, "comment")
GUIDE = "评分说明.md"


@dataclass(frozen=True)
class Agreement:
    """Of one point: the mean of all scores with its 95 % interval, the share on which the readers agree exactly, and
    Cohen's kappa with quadratic weights; None where both readers gave one and the same score throughout.
    """

    point: str
    mean: float
    low: float
    high: float
    same: float
    kappa: float | None
    count: int


def write(folder: Path, ids: Sequence[str], readers: Sequence[str]) -> list[Path]:
    """One empty CSV for each reader, with a row for each consultation, and the guide. Returns the paths.

    Raises BadSettings where a form is there already: it may be filled.
    """
    paths = [folder / f"{reader}.csv" for reader in readers]
    if there := [str(path) for path in paths if path.exists()]:
        raise BadSettings(f"there already: {', '.join(there)}")
    folder.mkdir(parents=True, exist_ok=True)
    for path in paths:
        with path.open("w", encoding="utf-8-sig", newline="") as out:  # with the mark by which Excel knows UTF-8
            rows = csv.writer(out)
            rows.writerow(HEADER)
            rows.writerows([id_, *("" for _ in HEADER[1:])] for id_ in ids)
    guide = folder / GUIDE
    guide.write_text(_guide(), "utf-8")
    return [*paths, guide]


def read(path: Path) -> dict[str, dict[str, int]]:
    """Consultation → point → score of a filled form. Raises BadSettings naming the file, the row and what is wrong."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines))
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings(f"{path}: {error}") from error
    scores: dict[str, dict[str, int]] = {}
    for number, row in enumerate(rows, 2):
        if missing := [name for name in HEADER if row.get(name) is None]:
            raise BadSettings(f"{path}:{number}: no column {', '.join(missing)}")
        if row["consultation"] in scores:
            raise BadSettings(f"{path}:{number}: {row['consultation']} twice")
        if strange := [name for name in POINTS if row[name].strip() not in map(str, SCALE)]:
            raise BadSettings(f"{path}:{number}: {row['consultation']}: 1 to 5 is needed for {', '.join(strange)}")
        scores[row["consultation"]] = {name: int(row[name]) for name in POINTS}
    if not scores:
        raise BadSettings(f"{path}: no scores")
    return scores


def agreement(first: Path, second: Path) -> list[Agreement]:
    """The six points, of two filled forms over the same consultations. Raises BadSettings."""
    one, other = read(first), read(second)
    if set(one) != set(other):
        raise BadSettings(f"{first} and {second} judge different consultations: {sorted(set(one) ^ set(other))[:5]}")
    draws = np.random.default_rng(0).integers(0, len(one), (2000, len(one)))
    told = []
    for point in POINTS:
        pairs = np.array([(one[id_][point], other[id_][point]) for id_ in one])
        means = pairs.mean(axis=1)
        low, high = np.quantile(means[draws].mean(axis=1), (0.025, 0.975))
        constant = len(np.unique(pairs)) == 1
        kappa = None if constant else float(cohen_kappa_score(*pairs.T, labels=list(SCALE), weights="quadratic"))
        same = float((pairs[:, 0] == pairs[:, 1]).mean())
        told.append(Agreement(point, float(means.mean()), float(low), float(high), same, kappa, len(pairs)))
    return told


def _guide() -> str:
    lines = ["# 评分说明", "", "两位评阅人各填一份表,互不商量。每次咨询先读完整的对话记录(文末的机器评分最后再看),"]
    lines += ["再按六项各打 1 到 5 分:1 很差,2 较差,3 一般,4 较好,5 很好;有话要说的写在 comment 一栏。", ""]
    lines += [f"- `{name}` {meaning}" for name, meaning in POINTS.items()]
    return "\n".join(lines) + "\n"
