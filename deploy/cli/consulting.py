"""`lexhub eval consult` and `lexhub eval rubric`: scripted clients against a server, and human readers' forms."""

import asyncio
import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from deploy.cli.progress import bars

if TYPE_CHECKING:
    from deploy.clients.player import Consultation
    from deploy.clients.scoring import Figure, Played
    from deploy.clients.scripts import Client

console = Console(highlight=False)
rubric = typer.Typer(no_args_is_help=True)
TIMEOUT_S = 120
TRANSCRIPTS = "transcripts"


def consult(
    url: Annotated[str | None, typer.Option(help="服务地址(默认本机 8000 或 $LEXHUB_PORT)")] = None,
    key: Annotated[str | None, typer.Option(envvar="LEXHUB_API_KEY", help="API 密钥")] = None,
    scripts: Annotated[Path | None, typer.Option(help="当事人脚本的文件夹(默认自带的)")] = None,
    field: Annotated[list[str] | None, typer.Option(help="只测这个领域(可重复)")] = None,
    shown: Annotated[int, typer.Option("--worst", min=0, help="列出最差的多少个")] = 15,
    out: Annotated[Path, typer.Option(help="JSON 与对话记录写到哪里")] = Path("eval"),
) -> None:
    """按脚本扮演当事人,对运行中的服务完成整次咨询,给出各项指标及 95% 区间。"""
    from deploy.clients import scoring
    from deploy.clients import scripts as written

    clients = written.load(scripts or written.SHIPPED, field or ())
    where = url or f"http://127.0.0.1:{os.environ.get('LEXHUB_PORT', '8000')}"
    corpus, held = asyncio.run(hold(where, key, clients))
    played = [one.played for one in held]
    overall = [*scoring.figures(played), *scoring.latency(played)]
    console.print(_table("全部", overall))
    console.print(_fields(scoring.by_field(played)))
    console.print(_groups(played))
    if shown:
        console.print(_worst(scoring.worst(played, shown)))
    _write(out, corpus, overall, held)
    console.print(f"{len(played)} 次咨询;语料:{corpus};已写入 {out / 'consult.json'} 和 {out / TRANSCRIPTS}")


@rubric.command()
def form(
    transcripts: Annotated[Path, typer.Argument(help="对话记录的文件夹(eval/transcripts)")],
    out: Annotated[Path, typer.Option(help="表格写到哪里")] = Path("eval/rubric"),
) -> None:
    """给两位评阅人各写一份空白评分表(CSV)和评分说明。"""
    from deploy.clients import rubric as forms
    from deploy.settings import BadSettings

    ids = [path.stem for path in sorted(transcripts.glob("*.md"))]
    if not ids:
        raise BadSettings(f"{transcripts}: no transcripts (*.md); run `lexhub eval consult` first")
    for path in forms.write(out, ids, ("reader-1", "reader-2")):
        console.print(str(path))


@rubric.command()
def agreement(first: Path, second: Path) -> None:
    """由两份填好的评分表算出六项平均分(含 95% 区间)和两人的一致程度。"""
    from deploy.clients import rubric as forms

    table = Table("项目", "平均分", "95% 区间", "完全一致", "加权 κ", "份数")
    for row in forms.agreement(first, second):
        kappa = "—" if row.kappa is None else f"{row.kappa:.2f}"
        interval = f"[{row.low:.2f}, {row.high:.2f}]"
        name = forms.POINTS[row.point].partition(":")[0]
        table.add_row(name, f"{row.mean:.2f}", interval, f"{row.same:.2f}", kappa, str(row.count))
    console.print(table)


async def hold(url: str, key: str | None, clients: "Sequence[Client]") -> tuple[dict[str, Any], "list[Consultation]"]:
    """The server's corpus, and the consultations one after another: beside others, latency would not be that of one."""
    import httpx

    from deploy.clients.citing import Checker
    from deploy.clients.player import play
    from deploy.settings import BadSettings

    headers = {"Authorization": f"Bearer {key}"} if key else {}
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=TIMEOUT_S, trust_env=False) as http:
        try:
            ready = await http.get("/readyz")
        except httpx.TransportError as error:
            raise BadSettings(f"{url}: no server answers there ({error}); start one with `lexhub serve`") from error
        if ready.status_code != 200:
            raise BadSettings(f"{url}: the server is not ready: HTTP {ready.status_code}: {ready.text[:200]}")
        checker, held = Checker(http), []
        with bars(console) as progress:
            for at, client in enumerate(clients, 1):
                held.append(await play(http, checker, client))
                progress(at, len(clients), "咨询")
        return ready.json()["corpus"], held


def _table(title: str, figures: "Sequence[Figure]") -> Table:
    table = Table("指标", "值", "95% 区间", "计数", "界限", "目标", title=title, title_justify="left")
    for one in figures:
        digits = 0 if one.value > 1 else 3
        interval = f"[{one.low:.{digits}f}, {one.high:.{digits}f}]"
        counted = f"{one.count:.0f}/{one.total}" if one.value <= 1 else str(one.total)
        bounds = ("" if bound is None else f"{'≥' if one.least else '≤'}{bound:.3g}" for bound in (one.bar, one.aim))
        table.add_row(one.name, f"{one.value:.{digits}f}", interval, counted, *bounds)
    return table


def _fields(fields: "dict[str, list[Figure]]") -> Table:
    names = list(dict.fromkeys(one.name for row in fields.values() for one in row))
    table = Table("领域", *names, title="各领域(计数)", title_justify="left")
    for field, row in fields.items():
        cells = {one.name: f"{one.count:.0f}/{one.total}" for one in row}
        table.add_row(field, *(cells.get(name, "—") for name in names))
    return table


def _groups(played: "Sequence[Played]") -> Table:
    from deploy.clients.scoring import GROUPS

    table = Table("问题", "次数", "当事人", title="问题归类", title_justify="left")
    for group, label in GROUPS.items():
        concerned = [one.client.id for one in played if group in one.reasons()]
        if concerned:
            table.add_row(label, str(len(concerned)), " ".join(concerned))
    return table


def _worst(worst: "Sequence[Played]") -> Table:
    from deploy.clients.scoring import GROUPS

    table = Table("当事人", "原因", title="最差的", title_justify="left", show_lines=True)
    for one in worst:
        reasons = (f"{GROUPS[group]}:{';'.join(told)}" for group, told in one.reasons().items())
        table.add_row(one.client.id, "\n".join(reasons))
    return table


def _write(out: Path, corpus: dict[str, Any], overall: "Sequence[Figure]", held: "Sequence[Consultation]") -> None:
    from deploy.clients import transcripts

    folder = out / TRANSCRIPTS
    folder.mkdir(parents=True, exist_ok=True)
    for one in held:
        (folder / f"{one.played.client.id}.md").write_text(transcripts.markdown(one), "utf-8")
    told = {"corpus": corpus, "figures": [asdict(one) for one in overall], "clients": [_judged(one) for one in held]}
    (out / "consult.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _judged(held: "Consultation") -> dict[str, Any]:
    one = held.played
    return {
        "id": one.client.id, "field": one.client.field, "complete": one.client.complete,
        "route_given": one.route, "field_given": one.field, "turns": one.turns,
        "asked": [asdict(asked) for asked in one.asked], "decisive": one.decisive,
        "must_cite": list(one.client.must_cite), "cited": list(one.cited), "missing": one.missing,
        "faults": list(one.faults), "answer_ms": one.answer_ms, "reasons": one.reasons(),
        "facts": held.exchanges[-1].reply.get("facts", []),
    }  # fmt: skip
