"""The clients as data: one YAML file a field, checked when it is read.

A client knows nothing of the server's own elements: what a question is about is recognised by patterns over its text.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from deploy.settings import BadSettings
from orchestrator.contracts import Route
from orchestrator.domains import NAMES, OTHER

SHIPPED = Path(__file__).parent / "scripts"
HELD_OUT = SHIPPED.parent / "unseen"  # nobody mends a field, and nothing is learned, with these in view
ARTICLE = r"^[^#@\s]+#[0-9]+(-[0-9]+)?$"


class Value(BaseModel):
    """Base of all values here: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Told(Value):
    """A fact that the opening tells. A question that matches `asked` asks for what was said already.

    `fact` is what the client then says again, unless their story was complete: those wonder why they are asked.
    """

    fact: str
    asked: str

    @field_validator("asked")
    @classmethod
    def _compiles(cls, asked: str) -> str:
        try:
            re.compile(asked)
        except re.error as error:
            raise ValueError(f"not a pattern: {error}") from error
        return asked

    def meant_by(self, question: str) -> bool:
        """Whether the question's text is about this fact."""
        return re.search(self.asked, question) is not None


class Held(Told):
    """A fact that the client tells only when asked, in their own words.

    `decisive`: by its answer a lawyer would come to another conclusion, claim, way or time limit. Not decisive are
    amounts alone, how well something can be proved where nobody disputes it, and what the client wishes.
    """

    says: str
    decisive: bool = False


class Client(Value):
    """One person. `complete`: the opening tells all that decides, so that nothing may be asked.

    `must_cite`: ids of the articles that a lawyer would cite. Line breaks of an opening are not part of it. Of a client
    whose `route` is no consultation only the route is judged.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    who: str
    field: str
    route: Route = "consult"
    opening: str
    holds_back: tuple[Held, ...] = ()
    tells: tuple[Told, ...] = ()
    complete: bool = False
    must_cite: tuple[str, ...] = ()

    @field_validator("opening")
    @classmethod
    def _joined(cls, opening: str) -> str:
        return re.sub(r"\s*\n\s*", "", opening.strip())

    @model_validator(mode="after")
    def _consistent(self) -> "Client":
        if self.field not in (*NAMES, OTHER):
            raise ValueError(f"no such field: {self.field}")
        if self.route != "consult":
            if self.complete or self.holds_back or self.tells or self.must_cite:
                raise ValueError(f"of a message that is no consultation ({self.route}) only the route is judged")
            return self
        if self.complete == bool(self.holds_back):
            raise ValueError("either the story is complete or facts are held back")
        if not self.complete and not any(held.decisive for held in self.holds_back):
            raise ValueError("none of the facts held back is decisive")
        if strange := [id_ for id_ in self.must_cite if not re.match(ARTICLE, id_)]:
            raise ValueError(f"must_cite: not ids of articles: {strange}")
        return self


def load(folder: Path = SHIPPED, fields: Iterable[str] = ()) -> tuple[Client, ...]:
    """The clients of all files of the folder, by file name; only those of `fields` if any are given.

    Raises BadSettings naming the file and what is wrong with it, and where no client is left.
    """
    clients: list[Client] = []
    for path in sorted(folder.glob("*.yaml")):
        clients += _read(path)
    ids = [client.id for client in clients]
    if twice := sorted({id_ for id_ in ids if ids.count(id_) > 1}):
        raise BadSettings(f"{folder}: clients with the same id: {', '.join(twice)}")
    wanted = set(fields)
    if unknown := wanted - {client.field for client in clients}:
        raise BadSettings(f"{folder}: no clients of {', '.join(sorted(unknown))}")
    kept = tuple(client for client in clients if not wanted or client.field in wanted)
    if not kept:
        raise BadSettings(f"{folder}: no clients (*.yaml)")
    return kept


def _read(path: Path) -> list[Client]:
    try:
        data: Any = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadSettings(f"{path}: {error}") from error
    if not isinstance(data, dict) or set(data) != {"field", "clients"} or not isinstance(data["clients"], list):
        raise BadSettings(f"{path}: a mapping with field and clients is needed")
    clients = []
    for row in data["clients"]:
        try:
            clients.append(Client.model_validate({"field": data["field"], **row}))
        except (TypeError, ValidationError) as error:
            name = row.get("id") if isinstance(row, dict) else row
            raise BadSettings(f"{path}: {name}: {error}") from error
    return clients
