"""The web page: a client of the public API, and nothing more. It holds no truth of its own."""
