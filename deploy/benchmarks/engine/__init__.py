"""The engine room measured: checkpoints of real sizes with random weights, loads, contenders, the server, a report.

`suite.py` is the place to start. Every contender runs in a process of its own, so that its memory is its own.
"""
