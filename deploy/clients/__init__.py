"""Scripted clients: people with a story and facts they hold back, played against a running server and judged.

`scripts/*.yaml` are the clients, `player.py` speaks HTTP, `scoring.py` judges what was said, `transcripts.py` writes it
down for readers, `rubric.py` is the readers' form.
"""
