"""What several calculators share. A calculator itself is a file beside this folder, never in it."""
