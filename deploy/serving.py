"""The application handed to Serve: by the server of one machine, and to a cluster that runs already."""

import logging
import re
from collections.abc import Sequence

from deploy.settings import BadSettings, Settings

_OURS = re.compile(r"^(?:models|retrievers|orchestrator|deploy)\.[\w.]+: (.+)$", re.MULTILINE)


def run(settings: Settings, everywhere: bool) -> None:
    """Start Serve's proxies, on every node or on this one, and the application; returns when Serve calls it running.

    In a process whose Ray is initialised. Raises BadSettings for an application that cannot start.
    """
    from ray import serve
    from ray.serve.config import HTTPOptions, ProxyLocation
    from ray.serve.schema import LoggingConfig

    from deploy.app import build_app

    logging.getLogger("ray.serve").setLevel(logging.WARNING)
    application = build_app(settings.model_dump(mode="json"))
    logs = LoggingConfig(log_level="WARNING", enable_access_log=False)
    serve.start(
        proxy_location=ProxyLocation.EveryNode if everywhere else ProxyLocation.HeadOnly,
        http_options=HTTPOptions(host=settings.host, port=settings.port, keep_alive_timeout_s=30),
        logging_config=logs,
    )
    try:
        serve.run(application, name="lexhub", route_prefix="/", logging_config=logs)
    except RuntimeError as error:
        told = serve.status().applications["lexhub"]
        reasons = [told.message, *(one.message for one in told.deployments.values() if one.message)]
        raise BadSettings("the application could not start: " + reason(reasons)) from error


def reason(told: Sequence[str]) -> str:
    """What Serve tells of a failed start in one line: the last error of ours in its traces, else the end of all."""
    ours = [found[1] for text in told for found in _OURS.finditer(text)]
    return ours[-1] if ours else " ".join(" ".join(told).split())[-2000:]
