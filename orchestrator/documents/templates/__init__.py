"""Templates of papers: each file exposes TEMPLATE."""
