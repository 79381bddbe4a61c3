"""Neural models behind one narrow contract: cards, registry, backends, training."""
