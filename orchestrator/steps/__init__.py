"""The steps of the consultation graph, one file each: `run(state, runtime)` returns the keys that the step owns."""
