"""The page as a Serve deployment: a thin shell, which imports Gradio in its replica only."""

from typing import Any

from ray import serve

from deploy.loopback import keep_private
from deploy.observing.replicas import start
from deploy.page.guard import Guard
from deploy.settings import Observing


@serve.ingress()  # the application is built inside the replica, from settings
class PageServer:
    """The page of one server, in one replica. It knows the server by its public API alone."""

    def __init__(self, settings: dict[str, Any], observing: Observing) -> None:
        from deploy.settings import Settings

        self.watching = start(observing)
        self._settings = Settings.model_validate(settings)
        if self._settings.private:
            keep_private()

    def __serve_build_asgi_app__(self) -> Guard:
        """The page's server."""
        from deploy import settings as config
        from deploy.page.server import build_page

        return build_page(self._settings, config.own_url(self._settings), config.page_key())
