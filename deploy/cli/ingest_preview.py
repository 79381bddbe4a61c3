"""`lexhub ingest … --dry-run`: what an import would bring, as a table or as JSON. Nothing is written anywhere."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from deploy.cli.progress import bars
from deploy.settings import BadSettings

if TYPE_CHECKING:
    from retrievers.preview import Law

DryRun = Annotated[bool, typer.Option("--dry-run", help="只列出会导入什么、为什么跳过,不写入任何文件")]
AsJson = Annotated[bool, typer.Option("--json", help="与 --dry-run 同用:以 JSON 输出")]
console = Console(highlight=False)
WHAT = {"new": "新增", "version": "新增版本", "changed": "替换", "same": "已有,相同"}
STATUS = {"in_force": "现行有效", "repealed": "已废止", "superseded": "已被修改", "not_yet": "尚未施行"}
KINDS = {
    "new": "新增",
    "replaced": "替换",
    "same": "已有,相同",
    "refused": "与教学案例编号相同,不导入",
    "repeated": "重复",
}
MOST_ROWS = 200  # in the table; JSON has them all


def previewed(dry_run: bool, as_json: bool) -> bool:
    """Whether only a preview is wanted. Raises BadSettings for --json without --dry-run."""
    if as_json and not dry_run:
        raise BadSettings("--json belongs to --dry-run")
    return dry_run


def laws(path: Path, home: Path, as_json: bool) -> None:
    """Show what an import of laws would bring."""
    from retrievers import preview

    with bars(Console(stderr=True)) as progress:
        found = preview.laws(path, home, date.today(), progress)
    if as_json:
        told = {"laws": [asdict(one) for one in found.laws], "others": dict(found.others)}
        _print_json("laws", found.changes, found.skipped, told)
        return
    heads = ("版本", "会怎样", "条数", "施行", "失效", "效力")
    table = Table(_long("法律法规"), *heads, _long("说明"))
    wanted = sorted(found.laws, key=lambda one: (one.what == "same", one.law, one.version))
    for one in wanted[:MOST_ROWS]:
        table.add_row(
            Text(one.law), one.version or "—", WHAT[one.what], str(one.articles), str(one.starts or "—"),
            str(one.ends or "—"), STATUS[one.status], Text(";".join(_notes(one))),
        )  # fmt: skip
    console.print(table)
    if len(wanted) > MOST_ROWS:
        console.print(f"……其余 {len(wanted) - MOST_ROWS} 个版本不再列出,--json 列出全部")
    counts = {label: sum(one.what == what for one in found.laws) for what, label in WHAT.items()}
    console.print(",".join(f"{label} {count} 个版本" for label, count in counts.items() if count))
    for label, count in found.others:
        console.print(f"不是法律法规,不会导入:{label} {count} 个")
    _print_end(found.skipped, len(found.skipped), found.changes)


def cases(path: Path, home: Path, form: str, as_json: bool) -> None:
    """Show what an import of cases would bring."""
    from retrievers import preview

    with bars(Console(stderr=True)) as progress:
        found = preview.cases(path, home, form, progress)
    if as_json:
        told = {name: value for name, value in vars(found).items() if name != "skipped"}
        _print_json("cases", found.changes, found.skipped, told)
        return
    table = Table("会怎样", "案例", _long("例如"))
    for kind, label in KINDS.items():
        if count := getattr(found, kind):
            named = ";".join(f"{id} {title}" for id, title in found.examples.get(kind, ())[:3])
            table.add_row(label, str(count), Text(named))
    console.print(table)
    for label, counted in (("来源", found.kinds), ("领域", found.fields)):
        if counted:
            console.print(f"{label}:" + ",".join(f"{name} {count}" for name, count in counted.most_common(20)))
    _print_end(found.skipped, found.faulty, found.changes)


def documents(path: Path, home: Path, corpus: str, anew: bool, as_json: bool) -> None:
    """Show what an import of private documents would bring."""
    from retrievers.documents import ingest

    with bars(Console(stderr=True)) as progress:
        found = ingest.preview(path, home, corpus, progress, anew=anew)
    said = {"added": found.added, "replaced": found.replaced, "removed": found.removed}
    if as_json:
        told = {**said, "unchanged": found.unchanged, "passages": found.passages}
        _print_json("documents", found.changed, found.skipped, told)
        return
    table = Table("会怎样", _long("文件"))
    for label, names in zip(("新增", "更新", "删去"), said.values(), strict=True):
        for name in names:
            table.add_row(label, Text(name))
    console.print(table)
    console.print(f"{found.unchanged} 个文件没有变化;导入后文件库共 {found.passages} 段")
    _print_end(found.skipped, len(found.skipped), found.changed)


def rates(path: Path, home: Path, as_json: bool) -> None:
    """Show what an import of rates would bring."""
    from orchestrator.rates import changes

    found = changes(home, path)
    changed = bool(found.new or found.replaced)
    if as_json:
        _print_json("rates", changed, (), asdict(found))
        return
    table = Table("会怎样", "标准", "地区", "起", "数值", "来源")
    for label, rows in (("新增", found.new), ("替换", found.replaced), ("已有,相同", found.same)):
        for row in rows:
            table.add_row(label, row.kind, row.place, str(row.since), f"{row.value} {row.unit}", Text(row.source))
    console.print(table)
    _print_end((), 0, changed)


def _long(name: str) -> Column:
    """A column of texts that may be long: they are folded, never cut."""
    return Column(name, overflow="fold")


def _notes(one: "Law") -> list[str]:
    parts = [
        f"{count} 条{label}"
        for label, count in (("文字不同", one.changed), ("增加", one.added), ("不再有", one.removed))
        if count
    ]
    if one.what == "changed" and not parts:
        parts.append("条文相同,来源、分类或施行日期不同")
    if one.digests:
        parts.append(f"取代 {one.digests} 条要旨")
    if one.older:
        parts.append(f"已有旧版本 {'、'.join(filter(None, one.older))}")
    if one.newer:
        parts.append(f"已有更新的版本 {'、'.join(one.newer)}")
    return [*parts, one.said] if one.said else parts


def _print_json(kind: str, changes: bool, skipped: Sequence[tuple[str, str]], told: dict[str, Any]) -> None:
    left_out = [{"file": name, "reason": reason} for name, reason in skipped]
    print(json.dumps({"kind": kind, "changes": changes, **told, "skipped": left_out}, ensure_ascii=False, default=str))


def _print_end(skipped: Sequence[tuple[str, str]], faulty: int, changes: bool) -> None:
    if skipped:
        console.print(f"会跳过 {max(faulty, len(skipped))} 个:")
        for name, reason in skipped:
            console.print(f"  {name}:{reason}", markup=False, soft_wrap=True)
    console.print("这是预览,没有写入任何内容。" + ("" if changes else "导入后不会有任何变化。"))
