"""After the warming no first message waits."""

import pytest

from orchestrator import examples, wording
from orchestrator.domains import packs
from orchestrator.warming import is_done, warm


@pytest.mark.long
def test_every_field_has_its_patterns_and_examples_ready() -> None:
    warm(0.0)
    assert is_done()
    learned, compiled = examples._learned.cache_info(), wording.pattern.cache_info()
    assert learned.currsize == len(packs())
    warm(0.0)
    assert examples._learned.cache_info().misses == learned.misses
    assert wording.pattern.cache_info().misses == compiled.misses
