"""Benchmarks: measurements that are too large for one module of the command line."""
