"""The use of keys on the wire."""

from datetime import date

from pydantic import BaseModel


class Row(BaseModel):
    """The use of one day, key, route and model. `model` empty: the requests to the route, else calls of that model."""

    day: str
    key: str
    name: str
    route: str
    model: str
    requests: int
    calls: int
    prompt_tokens: int
    completion_tokens: int


class Usage(BaseModel):
    """The uses of some days, both ends included. A day is one in Beijing."""

    since: date
    until: date
    rows: list[Row]
