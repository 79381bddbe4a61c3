"""A stream in portions, so that work over millions of items holds few of them at once."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")


def portions(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Lists of `size` items in order; the last may be shorter."""
    rest = iter(items)
    while portion := list(islice(rest, size)):
        yield portion
