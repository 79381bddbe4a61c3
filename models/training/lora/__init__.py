"""Trains a LoRA adapter on dialogues, written exactly as serving writes them. Start at `course.py`."""
