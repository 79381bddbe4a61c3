"""A shape small enough to be made, loaded and run within a second or two."""

from deploy.benchmarks.engine.shapes import Shape

TINY = Shape("tiny", 32, 2, 4, 2, 8, 64, 22_400, True, 1024, "float32")
