"""How answers are read: as wire models, as plain data, as downloads."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar
from urllib.parse import unquote

import httpx
from pydantic import TypeAdapter, ValidationError

from deploy.sdk.errors import unreadable

T = TypeVar("T")
_NAME = re.compile(r"filename\*=UTF-8''([^;]+)")


@dataclass(frozen=True)
class Download:
    """A paper: its file name, its media type and its bytes."""

    name: str
    media_type: str
    content: bytes


def of(kind: type[T]) -> Callable[[httpx.Response], T]:
    """A reader of JSON of this shape."""

    adapter: Callable[[Any], TypeAdapter[T]] = _adapter

    def read(response: httpx.Response) -> T:
        try:
            return adapter(kind).validate_json(response.content)
        except ValidationError as error:
            raise unreadable(response, f"{error.error_count()} faults: {error.errors()[0]['msg']}") from error

    return read


def data(response: httpx.Response) -> dict[str, Any]:
    """A JSON object as it is."""
    try:
        return dict(response.json())
    except (json.JSONDecodeError, TypeError, ValueError) as error:
        raise unreadable(response, error) from error


def nothing(response: httpx.Response) -> None:
    """An answer without content."""


def text(response: httpx.Response) -> str:
    """Plain text."""
    return response.text


def download(response: httpx.Response) -> Download:
    """A file, by the name that the server gives it."""
    named = _NAME.search(response.headers.get("content-disposition", ""))
    if named is None:
        raise unreadable(response, "no file")
    return Download(unquote(named[1]), response.headers.get("content-type", ""), response.content)


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
