"""Settings, the Ray Serve application, the HTTP API, the command line, profiles."""
