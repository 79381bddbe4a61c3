"""Work in a fresh process, so that memory, threads and a device's context are its own and go with it."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Outcome = TypeVar("Outcome")


def apart(work: Callable[Given, Outcome], *args: Given.args, **kwargs: Given.kwargs) -> Outcome:
    """The outcome of `work`, a function of a module, in a process of its own; its exception is raised here."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(work, *args, **kwargs).result()
