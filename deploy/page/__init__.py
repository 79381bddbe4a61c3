"""The web page: what people see of the consultation, over the public API."""
