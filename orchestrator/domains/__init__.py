"""Fields of law, one file each: `<name>.py` exposes `DOMAIN`. The folder's listing is the register."""

from functools import cache
from importlib import import_module
from pathlib import Path

from orchestrator.domains.pack import Domain

NAMES = (
    "劳动", "婚姻家庭", "继承", "民间借贷", "房屋租赁", "房产买卖", "交通事故", "消费维权", "人身损害", "刑事",
    "行政", "公司", "知识产权", "合同", "侵权名誉", "医疗损害", "物业", "农村土地", "网络电商", "诉讼程序",
)  # fmt: skip
OTHER = "其他"
NO_FIELDS = ("__init__", "pack", "shorthand")


@cache
def packs() -> dict[str, Domain]:
    """The packs that exist, by the name of their field. A field of NAMES without a pack is answered by retrieval."""
    return {name: import_module(f"{__name__}.{stem}").DOMAIN for name, stem in files().items()}


@cache
def files() -> dict[str, str]:
    """The name of the file of every field that has one. Raises ValueError for a field of another name."""
    stems = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in NO_FIELDS)
    found = {str(import_module(f"{__name__}.{stem}").DOMAIN.name): stem for stem in stems}
    if strange := found.keys() - set(NAMES):
        raise ValueError(f"packs of unknown fields: {sorted(strange)}")
    return found
