"""What outlives a process: sessions, API keys and the routing of models, in one database."""
