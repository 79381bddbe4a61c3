"""What runs in the process of Serve's HTTP proxy when it starts: no response says which server it comes from.

Serve gives its uvicorn no such option (ray 2.60, serve/_private/http_util.py), but calls the function that
$RAY_SERVE_HTTP_PROXY_CALLBACK_IMPORT_PATH names.
"""

from typing import Any

import uvicorn


def nameless() -> list[Any]:
    """Have every uvicorn of this process leave out its `Server` header; adds no middleware."""
    original = uvicorn.Config.__init__

    def configured(self: uvicorn.Config, *args: Any, **options: Any) -> None:
        original(self, *args, **{**options, "server_header": False})

    uvicorn.Config.__init__ = configured  # type: ignore[method-assign]
    return []
