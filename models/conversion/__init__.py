"""Old weights, deltas and adapters made into safetensors; pickles are read in a process of their own."""
