"""The profile of the server that is measured: every model answers at once, and the dialogue model is the upstream."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deploy.benchmarks.serving import upstream

PLAN = {"route": "consult", "field": "民间借贷"}
KEYWORDS = {"keywords": [{"term": "借款", "weight": 1.0}, {"term": "返还", "weight": 0.8}]}
ARTICLES = {"articles": [{"law": "民法典", "article": "第六百七十五条", "weight": 1.0}]}


def write(home: Path, upstream_url: str, changed: Mapping[str, Any]) -> Path:
    """The file of the profile in `home`; `changed` replaces settings."""
    cards = home / "cards"
    cards.mkdir(parents=True, exist_ok=True)
    for card in (*_scripted(), _dialogue(upstream_url)):
        (cards / f"{card['name']}.yaml").write_text(json.dumps(card, ensure_ascii=False), "utf-8")
    args = {
        "profile": "bench",
        "shipped": False,
        "home": str(home),
        "card_folders": [str(cards)],
        "models": [
            {"name": "scripted", "cards": [card["name"] for card in _scripted()], "inside": True},
            {"name": "dialogue", "cards": ["bench-dialogue"], "inside": True},
        ],
        "retriever": {"inside": True},
        "ingress": {"ongoing": 16, "queued": 48},  # as in the embedded profile
        **changed,
    }
    application = {"name": "lexhub", "route_prefix": "/", "import_path": "deploy.app:build_app", "args": args}
    path = home / "bench.yaml"
    path.write_text(json.dumps({"applications": [application]}, ensure_ascii=False), "utf-8")
    return path


def _scripted() -> list[dict[str, Any]]:
    replies = {"plan": PLAN, "keywords": KEYWORDS, "articles": ARTICLES}
    return [
        {
            "name": f"bench-{ability}",
            "label": "按稿应答(测速用)",
            "backend": "scripted",
            "abilities": [ability],
            "options": {"replies": [json.dumps(reply, ensure_ascii=False)], "piece": 4096},
        }
        for ability, reply in replies.items()
    ]


def _dialogue(url: str) -> dict[str, Any]:
    return {
        "name": "bench-dialogue",
        "label": "立即应答的上游(测速用)",
        "backend": "http_endpoint",
        "abilities": ["dialogue"],
        "options": {"base_url": f"{url}/v1", "model": upstream.MODEL, "connections": 1024},
    }
