"""Whether what an answer cites exists, is in force and says what is quoted: asked of the server, article by article."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx

from deploy.settings import BadSettings
from retrievers import numerals

_MENTION = re.compile(rf"《([^《》]+)》第([{numerals.DIGITS}]+)条(?:之([{numerals.DIGITS}]+))?")
_SENTENCE = re.compile(r"[^。\n]+")
_QUOTED = re.compile(r"“[^”]*”")  # what an official text names is its own citation
_ENDED = re.compile(r"废止|失效|修订|修改|取代|不再适用")


@dataclass
class Checker:
    """Looks articles up with `http`, each once. `looked_up`: "民法典#675" → the server's passage, None for no such."""

    http: httpx.AsyncClient
    looked_up: dict[str, dict[str, Any] | None] = field(default_factory=dict)

    async def faults(self, reply: dict[str, Any]) -> list[str]:
        """What is wrong with the citations of the reply and with the articles that its text names."""
        found = [fault for row in reply["citations"] if (fault := await self._of_citation(row))]
        found += [fault async for fault in self._of_text(reply["answer"])]
        return list(dict.fromkeys(found))

    async def _of_citation(self, row: dict[str, Any]) -> str:
        number = row["id"].rpartition("#")[2]
        passage = await self._passage(row["law"], number)
        name = f"《{row['law']}》{row['article']}"
        if passage is None:
            return f"{name}不存在"
        if passage["status"] != "in_force":
            return f"{name}不是现行有效的({passage['status']})"
        said = row["quote"] or row["digest"]
        if not said or said not in passage["text"]:
            return f"{name}的文字与条文不符"
        return ""

    async def _of_text(self, text: str) -> AsyncIterator[str]:
        for sentence in _SENTENCE.findall(_QUOTED.sub("", text)):
            for law, number, sub in _MENTION.findall(sentence):
                written = f"{numerals.to_int(number)}-{numerals.to_int(sub)}" if sub else str(numerals.to_int(number))
                passage = await self._passage(law, written)
                if passage is None:
                    yield f"正文引用的《{law}》第{number}条不存在"
                elif passage["status"] != "in_force" and not _ENDED.search(sentence):
                    yield f"正文引用的《{law}》第{number}条不是现行有效的({passage['status']})"

    async def _passage(self, law: str, number: str) -> dict[str, Any] | None:
        """The article as the server has it today. Raises BadSettings where the server does not say."""
        key = f"{law}#{number}"
        if key not in self.looked_up:
            answer = await self.http.get(f"/v1/articles/{quote(law, safe='')}/{number}")
            if answer.status_code not in (200, 404):
                raise BadSettings(f"looking up {key}: HTTP {answer.status_code}: {answer.text[:200]}")
            self.looked_up[key] = answer.json() if answer.status_code == 200 else None
        return self.looked_up[key]
