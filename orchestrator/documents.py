"""Documents made from a session's opinion. So far one: the evidence list (证据清单); gaps are marked 【待填】."""

from collections.abc import Callable

from orchestrator.contracts import Opinion
from orchestrator.papers.label import VISIBLE, aigc_json

_BRACKETS = str.maketrans("（）", "()")


def evidence_list(opinion: Opinion, session: str, producer: str) -> str:
    """The evidence list in Markdown: what to collect, what each piece is to prove, with the columns courts ask for."""
    lines = [
        *(
            "---",
            "title: 证据清单",
            f"date: {opinion.on.isoformat()}",
            f"AIGC: {aigc_json(producer, session)}",
            "---",
            "",
        ),
        "# 证据清单",
        "",
        f"> **AI生成** {VISIBLE}",
        "",
        "提交人:【待填】  对方当事人:【待填】",
        "",
        f"案由:{opinion.plan.cause or '【待填】'}",
        "",
        "| 序号 | 证据名称 | 证据来源 | 原件/复印件 | 页数 | 证明目的 |",
        "|---|---|---|---|---|---|",
    ]
    for at, text in enumerate(opinion.plan.evidence, 1):
        name, _, aim = _cell(text.translate(_BRACKETS)).partition("(")
        lines.append(f"| {at} | {name.strip()} | 【待填】 | 【待填】 | 【待填】 | {aim.rstrip(')') or '【待填】'} |")
    if not opinion.plan.evidence:
        lines.append("| 1 | 【待填】 | 【待填】 | 【待填】 | 【待填】 | 【待填】 |")
    lines += ["", "提交人(签名):【待填】    日期:【待填】", ""]
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


TEMPLATES: dict[str, Callable[[Opinion, str, str], str]] = {"证据清单": evidence_list}
