"""A server on this machine: Ray and Serve started privately on loopback, stopped cleanly on Ctrl-C and SIGTERM."""

import io
import logging
import os
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path

import httpx

from deploy import haproxy, serving
from deploy.casting import cast
from deploy.checkpoints import prepare
from deploy.settings import BadSettings, Settings, privatise_ray, tune_ray

STOP_S = 9.0  # a stop that takes longer is cut short
PAGE_S = 60.0  # the page comes up after the API
DRAIN_S = 4.0  # of them, for requests to be answered


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
    with tempfile.TemporaryDirectory(prefix="lexhub-") as folder:
        try:
            start(settings, Path(folder))
            # Set after Ray's start, which installs handlers of its own that would end the process half stopped.
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, lambda *_: stop.set())
            url = f"http://{settings.host}:{settings.port}"
            _wait_until_ready(url, stop)
            if not stop.is_set():
                ready(url, time.monotonic() - started)
            if settings.page.enabled:
                tell(_page(url, stop))
            stop.wait()
        finally:
            shut_down(Path(folder))


def start(settings: Settings, folder: Path) -> None:
    """Start Ray and the application; returns when Serve calls it running. `folder` is for the proxy's own files."""
    limits, page = settings.limits, settings.page.enabled
    privatise_ray(haproxy.prepare(folder, free_port(), limits.turn, page) if haproxy.available() else None)
    tune_ray()
    import ray

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
    serving.run(settings, everywhere=False)


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


def shut_down(folder: Path) -> None:
    """Stop Serve and Ray; a part that does not go within STOP_S is left to Ray's own clean-up at exit."""
    import ray
    from ray import serve as ray_serve

    haproxy.drain(folder, DRAIN_S)
    done = threading.Thread(target=ray_serve.shutdown, daemon=True)
    with redirect_stdout(io.StringIO()):  # where Ray wonders that its controller goes, which was told to
        done.start()
        done.join(STOP_S - DRAIN_S)
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


def _page(url: str, stop: threading.Event) -> str:
    """Where the page is, once it is there; the API does not wait for it."""
    ends = time.monotonic() + PAGE_S
    while time.monotonic() < ends and not stop.is_set():
        try:
            if httpx.get(f"{url}/ui/", timeout=10, trust_env=False).status_code == 200:
                return f"网页:{url}/ui/"
        except httpx.HTTPError:
            pass  # not there yet
        stop.wait(0.3)
    return "" if stop.is_set() else f"网页没有在 {PAGE_S:g} 秒内启动,接口不受影响;原因见 Ray 的日志"


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
