from dataclasses import replace

import pytest

from deploy.benchmarks.engine.shapes import SIZES, Shape

SMALL = Shape(
    "small",
    hidden=8,
    layers=2,
    heads=4,
    kv_heads=2,
    head=4,
    inner=16,
    vocabulary=100,
    tied=True,
    context=64,
    dtype="float32",
)


@pytest.mark.parametrize(("name", "billions"), [("0.6b", 0.596), ("1.7b", 1.721), ("8b", 8.191)])
def test_shapes_have_the_parameters_of_the_published_models(name: str, billions: float) -> None:
    assert SIZES[name].parameters / 1e9 == pytest.approx(billions, abs=0.001)


def test_the_small_one_has_thirty_million_parameters() -> None:
    assert SIZES["30m"].parameters / 1e6 == pytest.approx(30.3, abs=0.1)


def test_parameters_by_hand() -> None:
    queries_and_output, keys_and_values = 2 * (8 * 16), 2 * (8 * 8)
    layer = queries_and_output + keys_and_values + 3 * (8 * 16) + (8 + 8) + (4 + 4)
    assert SMALL.layer == layer
    assert SMALL.parameters == 2 * layer + 8 + 100 * 8
    assert replace(SMALL, tied=False).parameters == SMALL.parameters + 100 * 8


def test_a_step_reads_the_output_matrix_but_no_separate_input_embedding() -> None:
    assert SMALL.weights == 4 * SMALL.parameters
    assert replace(SMALL, tied=False).weights == SMALL.weights
    assert replace(SMALL, dtype="bfloat16").weights == SMALL.weights // 2


def test_bytes_of_a_step_are_the_weights_once_and_every_cache() -> None:
    assert SMALL.cached == 2 * 2 * 2 * 4 * 4  # key and value, layers, heads, numbers, bytes
    assert SMALL.step_bytes(1, 0) == SMALL.weights
    assert SMALL.step_bytes(3, 10) == SMALL.weights + 3 * 10 * SMALL.cached


def test_operations_of_a_prompt_are_those_of_its_steps_less_the_output_matrix() -> None:
    steps = sum(SMALL.step_operations(1, context) for context in range(1, 6))
    unused = 4 * 2 * 100 * 8  # scores of the first four tokens are not needed
    norms = 5 * 2 * 8 - 0  # the last norm is counted with a step's weights
    assert SMALL.prefill_operations(5) == steps - unused - norms
