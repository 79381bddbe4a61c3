"""How good a ranking is: folds, measures, intervals."""
