"""Models that read a question together with a text and say how well the text answers it."""
