"""A server on this machine: Ray and Serve started privately on loopback, stopped cleanly on Ctrl-C and SIGTERM."""

import logging
import os
import re
import signal
import socket
import threading
import time
from collections.abc import Callable, Sequence

import httpx

from deploy.casting import cast
from deploy.checkpoints import prepare
from deploy.settings import BadSettings, Settings, privatise_ray, tune_ray

_OURS = re.compile(r"^(?:models|retrievers|orchestrator|deploy)\.[\w.]+: (.+)$", re.MULTILINE)
STOP_S = 9.0  # a stop that takes longer is cut short


def serve(settings: Settings, ready: Callable[[str, float], None], tell: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM; `ready` is called with the URL and the seconds it took, `tell` with what happens
    meanwhile. Raises BadSettings, and ModelUnavailable for a checkpoint that is not here and cannot be had.

    Ray binds to loopback with token authentication, has no dashboard and sends no telemetry.
    """
    started = time.monotonic()
    stop = threading.Event()
    _port_is_free(settings.host, settings.port)
    check_home(settings)
    prepare(settings, tell)
    try:
        start(settings)
        # Set after Ray's start, which installs handlers of its own that would end the process half stopped.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        url = f"http://{settings.host}:{settings.port}"
        _wait_until_ready(url, stop)
        if not stop.is_set():
            ready(url, time.monotonic() - started)
        stop.wait()
    finally:
        shut_down()


def start(settings: Settings) -> None:
    """Start Ray and the application; returns when Serve calls it running."""
    privatise_ray()
    tune_ray()
    import ray
    from ray import serve as ray_serve
    from ray.serve.config import HTTPOptions, ProxyLocation
    from ray.serve.schema import LoggingConfig

    from deploy.app import build_app, start_page

    logging.getLogger("ray.serve").setLevel(logging.WARNING)
    application = build_app(settings.model_dump(mode="json"))
    ray.init(
        address="local",  # never a cluster that happens to run on this machine
        _node_ip_address="127.0.0.1",
        include_dashboard=False,
        log_to_driver=False,
        logging_level=logging.ERROR,
        configure_logging=True,
        num_cpus=_logical_cpus(settings),
        object_store_memory=128 * 1024 * 1024,
    )
    logs = LoggingConfig(log_level="WARNING", enable_access_log=False)
    ray_serve.start(
        proxy_location=ProxyLocation.HeadOnly,
        http_options=HTTPOptions(host=settings.host, port=settings.port, keep_alive_timeout_s=30),
        logging_config=logs,
    )
    try:
        ray_serve.run(application, name="lexhub", route_prefix="/", logging_config=logs)
    except RuntimeError as error:
        raise failure() from error
    start_page(settings, logs)


def failure() -> BadSettings:
    """Why Serve could not start the application."""
    from ray import serve as ray_serve

    told = ray_serve.status().applications["lexhub"]
    reasons = [told.message, *(one.message for one in told.deployments.values() if one.message)]
    return BadSettings("the application could not start: " + reason(reasons))


def reason(told: Sequence[str]) -> str:
    """What Serve tells of a failed start in one line: the last error of ours in its traces, else the end of all."""
    ours = [found[1] for text in told for found in _OURS.finditer(text)]
    return ours[-1] if ours else " ".join(" ".join(told).split())[-2000:]


def check_home(settings: Settings) -> None:
    """Make the embedded corpus where none is and check what will be served, before anything is started.

    Raises CorruptIndex naming the file, EncoderMismatch naming the command that makes the vectors of the article role,
    ModelUnavailable naming the one that fetches its model, BadSettings for the keys that sessions are sealed with, or
    ValueError for a broken field of law.
    """
    from deploy import article, storage
    from deploy.learned import knowledge
    from orchestrator.domains import packs
    from retrievers import embedded, generations

    packs()
    embedded.ensure(settings.home, knowledge())
    for store in (generations.laws_store(settings.home), generations.cases_store(settings.home)):
        if (current := store.current()) is not None:
            store.verified(current)
    article.require_vectors(settings)
    storage.sealing(settings)


def shut_down() -> None:
    """Stop Serve and Ray; a part that does not go within STOP_S is left to Ray's own clean-up at exit."""
    import ray
    from ray import serve as ray_serve

    done = threading.Thread(target=ray_serve.shutdown, daemon=True)
    done.start()
    done.join(STOP_S)
    ray.shutdown()


def _logical_cpus(settings: Settings) -> int:
    """CPUs as Ray counts them: enough for all replicas, since the small ones share cores by design."""
    deployments, _ = cast(settings)
    parts = [*deployments, settings.retriever, settings.ingress, *([settings.article] if settings.article else [])]
    wanted = sum(one.replicas * one.cpus for one in parts)
    return max(os.cpu_count() or 1, int(wanted + 2))


def free_port() -> int:
    """A port on loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _port_is_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise BadSettings(f"port {port} on {host} is taken; set LEXHUB_PORT to another one") from error


def _wait_until_ready(url: str, stop: threading.Event, limit_s: float = 120) -> None:
    ends = time.monotonic() + limit_s
    problem = ""
    while time.monotonic() < ends and not stop.is_set():
        try:
            answer = httpx.get(f"{url}/readyz", timeout=10, trust_env=False)
            if answer.status_code == 200:
                return
            problem = answer.text
        except httpx.HTTPError as error:
            problem = repr(error)
        stop.wait(0.2)
    if not stop.is_set():
        raise BadSettings(f"the server did not become ready within {limit_s:g} s: {problem[:500]}")
