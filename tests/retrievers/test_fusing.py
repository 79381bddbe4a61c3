import numpy as np
import pytest

from retrievers.ranking.fusing import fused


def test_the_sum_stays_and_equal_opinions_change_nothing() -> None:
    ranked = np.array([0.8, 0.3, 0.05, 0.01], np.float32)
    np.testing.assert_allclose(fused(ranked, ranked), ranked, atol=1e-4)
    found = fused(ranked, np.array([0.2, 0.9, 0.99, 0.001], np.float32))
    assert found.sum() == pytest.approx(ranked.sum(), abs=1e-4)
    assert found[1] > ranked[1]
    assert found[0] < ranked[0]


def test_a_reranker_that_says_the_same_of_all_keeps_the_order() -> None:
    ranked = np.array([0.9, 0.2, 0.1], np.float32)
    for said in (0.0, 0.5, 1.0):
        found = fused(ranked, np.full(3, said, np.float32))
        assert (np.diff(found) < 0).all()
        assert found.sum() == pytest.approx(ranked.sum(), abs=1e-4)


def test_the_share_weighs_the_log_odds() -> None:
    ranked, said = np.array([0.6, 0.4], np.float32), np.array([0.1, 0.9], np.float32)
    np.testing.assert_allclose(fused(ranked, said, share=0.0), ranked, atol=1e-5)
    np.testing.assert_allclose(fused(ranked, said, share=1.0), said, atol=1e-5)
    # logit(0.6) and logit(0.1) halved: -0.896; both sums are 1, so that no step is needed.
    np.testing.assert_allclose(fused(ranked, said)[0], 1 / (1 + np.sqrt(0.4 / 0.6 * 0.9 / 0.1)), atol=1e-5)
    assert len(fused(ranked[:0], said[:0])) == 0
