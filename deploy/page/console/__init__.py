"""The operator's console: a page over the admin API, for who holds a key with the scope admin."""
