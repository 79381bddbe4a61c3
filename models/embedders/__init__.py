"""Encoders of texts: text in, vectors out. What they are for is the business of whoever asks."""
