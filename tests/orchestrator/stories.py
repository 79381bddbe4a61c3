"""The stories that the tests of the fields tell, some 900, to be told again in other ways."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from orchestrator.domains.pack import Domain
from tests.orchestrator import domains

SHORTEST = 14  # characters of a story; what is shorter are ids and labels


@cache
def stories() -> tuple[tuple[Domain, str], ...]:
    """(field, story) of all tables in tests/orchestrator/domains."""
    found = []
    for info in pkgutil.iter_modules(domains.__path__):
        module = importlib.import_module(f"{domains.__name__}.{info.name}")
        texts = {text for name, value in vars(module).items() if name.isupper() for text in _texts(value)}
        found += [(module.DOMAIN, text) for text in sorted(texts)]
    return tuple(found)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if len(value) >= SHORTEST and re.search("[\u4e00-\u9fff]{6}", value) and "#" not in value:
            yield value
    elif isinstance(value, list | tuple | set | frozenset):
        for one in value:
            yield from _texts(one)
