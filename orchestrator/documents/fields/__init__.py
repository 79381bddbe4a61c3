"""How each field of law is pleaded: each file exposes PLEADINGS."""
