"""Papers: reports and documents as blocks, and their formats."""
