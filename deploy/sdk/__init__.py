"""The typed Python client of the API: `Lexhub` blocks, `AsyncLexhub` does not; every failure is a `LexhubError`.

It knows the API by its wire models alone: importing it loads no server, no model and no database.
"""

from deploy.sdk.client import AsyncLexhub, Lexhub
from deploy.sdk.errors import LexhubError
from deploy.sdk.reading import Download

__all__ = ["AsyncLexhub", "Download", "Lexhub", "LexhubError"]
