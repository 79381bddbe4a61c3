"""Ranking articles for a lay question: what people asked before, signals, features, the trained ranker."""
