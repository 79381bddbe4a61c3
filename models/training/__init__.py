"""Training of the small models that ship with the house. Imports torch; nothing that serves imports this package."""
