"""The wire models of the HTTP API, apart from its routes: the API and its client (`deploy.sdk`) read the same ones.

Nothing here imports FastAPI, a database or a model.
"""
