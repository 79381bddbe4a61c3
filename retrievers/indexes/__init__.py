"""Ways to find passages: one file each."""
