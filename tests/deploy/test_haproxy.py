"""deploy.haproxy: of Serve's own configuration one port is left, no log, a private socket, and our error object."""

import json
import os
import socket
import stat
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import httpx
import pytest

from deploy import haproxy
from deploy.api.errors import STATUS
from deploy.server import free_port

pytestmark = pytest.mark.skipif(not haproxy.available(), reason="Ray has no HAProxy for this system")

# What Serve writes, as far as it matters here (ray 2.60, serve/_private/haproxy_templates.py).
WRITTEN = """global
    log 127.0.0.1:514 local0 info
    stats socket /run/admin.sock mode 666 level admin expose-fd listeners
    maxconn 100
defaults
    mode http
    timeout connect 5s
    timeout client 5s
    timeout server 5s
    log global
    option abortonclose
    option splice-request
    option splice-response
    errorfile 502 /run/500.http
    errorfile 503 /run/500.http
frontend prometheus
    bind :9101
    mode http
    no log
frontend http_frontend
    bind 127.0.0.1:8000
    acl is_http-page path_beg /ui
    use_backend http-page if is_http-page
    use_backend http-lexhub if { path_beg / }
    default_backend default_backend
backend default_backend
    http-request return status 404 content-type text/plain lf-string "not found"
backend http-page
    server page 127.0.0.1:30001 check
backend http-lexhub
    server one 127.0.0.1:30000 check
    server fallback 127.0.0.1:8500 check backup
listen stats
  bind *:8404
  stats enable
"""


SAID = haproxy.Said("/run/down.http", "/run/full.json", "/run/wait.html")


def test_one_port_is_left_and_no_log_and_no_open_socket() -> None:
    kept = haproxy.hardened(WRITTEN, SAID)
    assert [line.strip() for line in kept.splitlines() if "bind" in line] == ["bind 127.0.0.1:8000"]
    assert "514" not in kept and "mode 666" not in kept and "mode 600" in kept
    assert "500.http" not in kept and kept.count("/run/down.http") == 3
    assert "return status 404" not in kept and "backup" not in kept and "server one" in kept
    again = haproxy.hardened(kept, SAID)
    assert again.count("bind") == again.count("http-request track-sc0") == again.count("backend refusals") == 1


@pytest.mark.parametrize("strange", ["frontend other\n    bind :7000\n", ""], ids=["a port more", "no port"])
def test_what_is_not_known_is_refused(strange: str) -> None:
    config = WRITTEN + strange if strange else WRITTEN.replace("    bind 127.0.0.1:8000\n", "")
    with pytest.raises(ValueError, match="not the configuration that is known"):
        haproxy.hardened(config, SAID)


def test_the_program_becomes_haproxy_with_the_changed_configuration(tmp_path: Path) -> None:
    told = haproxy.prepare(tmp_path, 8500, 120, page=True)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700
    config = tmp_path / "haproxy.cfg"
    config.write_text(WRITTEN.replace("/run/", f"{tmp_path}/"))
    program = told["RAY_SERVE_HAPROXY_BINARY_PATH"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    checked = subprocess.run([program, "-c", "-f", str(config)], capture_output=True, text=True, env=environment)
    assert checked.returncode == 0, checked.stderr
    assert "9101" not in config.read_text()


def test_who_finds_no_replica_is_told_so_as_by_the_api(tmp_path: Path) -> None:
    haproxy.prepare(tmp_path, 8500, 120, page=True)
    head, body = (tmp_path / "down.http").read_bytes().split(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 503 ") and b"Retry-After: " in head
    assert f"Content-Length: {len(body)}".encode() in head
    code = json.loads(body)["error"]["code"]
    assert code == "ingress_unavailable" and STATUS[code] == 503


@pytest.mark.parametrize("known", [True, False], ids=["its replica starts", "Serve does not know it yet"])
def test_a_browser_that_comes_before_the_page_is_there_waits_and_looks_again(tmp_path: Path, known: bool) -> None:
    haproxy.prepare(tmp_path, 8500, 120, page=True)
    port, path = free_port(), tmp_path / "haproxy.cfg"
    config = WRITTEN.replace("/run/", f"{tmp_path}/").replace(":8000", f":{port}")
    for taken in (":30000", ":30001"):
        config = config.replace(taken, f":{free_port()}")
    if not known:
        config = config.replace("    use_backend http-page if is_http-page\n", "")
        config = config.replace("backend http-page\n", "backend other\n")
    path.write_text(config)
    url = f"http://127.0.0.1:{port}"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    running = subprocess.Popen([str(tmp_path / "haproxy"), "-db", "-f", str(path)], env=environment)
    try:
        browser, program = {"Accept": "text/html,*/*"}, {"Accept": "application/json"}
        for place in ("/", "/ui", "/ui/en/", "/console"):
            shown = reached(f"{url}{place}", browser)
            assert shown.status_code == 503 and "正在启动" in shown.text and 'http-equiv="refresh"' in shown.text
            assert shown.headers["content-type"].startswith("text/html") and shown.headers["retry-after"]
        assert reached(f"{url}/ui/", program).json()["error"]["code"] == "ingress_unavailable"
        assert reached(f"{url}/v1/models", browser).json()["error"]["code"] == "ingress_unavailable"
    finally:
        running.kill()
        running.wait(10)


def test_a_client_that_leaves_is_gone_for_the_replica_too(tmp_path: Path) -> None:
    haproxy.prepare(tmp_path, 8500, 120, page=False)
    port, path = free_port(), tmp_path / "haproxy.cfg"
    head, body = b"POST /v1/x HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n", b"{}"
    with socket.create_server(("127.0.0.1", 0)) as replica:
        replica.settimeout(20)
        config = WRITTEN.replace("/run/", f"{tmp_path}/").replace(":8000", f":{port}")
        config = config.replace("    server one 127.0.0.1:30000 check", f"    server one {address(replica)}")
        path.write_text(config)
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        running = subprocess.Popen([str(tmp_path / "haproxy"), "-db", "-f", str(path)], env=environment)
        try:
            reached(f"http://127.0.0.1:{port}/ui/", {})
            with socket.create_connection(("127.0.0.1", port)) as client:
                client.sendall(head)
                asked, _ = replica.accept()
                asked.settimeout(20)
                got = b""
                while b"\r\n\r\n" not in got:
                    got += asked.recv(1000)
                client.sendall(body)  # HAProxy has handed on the head already
                while not got.endswith(body):
                    got += asked.recv(1000)
                time.sleep(0.3)  # until HAProxy waits for the answer
            asked.settimeout(3)  # less than the time that HAProxy gives the replica
            with asked, suppress(ConnectionResetError):
                assert asked.recv(1) == b""
        finally:
            running.kill()
            running.wait(10)


class Full(BaseHTTPRequestHandler):
    """A replica that notes who comes, and is full for whoever would begin something."""

    protocol_version = "HTTP/1.1"
    came: ClassVar[list[str]] = []

    def do_POST(self) -> None:
        self.came.append(self.path)
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(503)
        self.send_header("Retry-After", "7")
        if self.path != "/v1/broken":
            self.send_header(haproxy.FULL, "1")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self) -> None:
        self.came.append(self.path)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def test_while_replicas_are_full_nobody_else_begins_and_all_others_come_through(tmp_path: Path) -> None:
    haproxy.prepare(tmp_path, 8500, 120, page=False)
    port, path = free_port(), tmp_path / "haproxy.cfg"
    replica = ThreadingHTTPServer(("127.0.0.1", 0), Full)
    threading.Thread(target=replica.serve_forever, daemon=True).start()
    config = WRITTEN.replace("/run/", f"{tmp_path}/").replace(":8000", f":{port}")
    path.write_text(config.replace("    server one 127.0.0.1:30000 check", f"    server one {address(replica.socket)}"))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    running = subprocess.Popen([str(tmp_path / "haproxy"), "-db", "-f", str(path)], env=environment)
    Full.came.clear()
    try:
        reached(f"http://127.0.0.1:{port}/v1/models", {})
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
            for _ in range(8):  # a storage that is away is no full queue
                assert client.post("/v1/broken", json={}).headers["retry-after"] == "7"
            assert Full.came.count("/v1/broken") == 8
            answers = [client.post("/v1/chat/completions", json={}) for _ in range(20)]
            assert Full.came.count("/v1/chat/completions") < 10
            assert {one.status_code for one in answers} == {503}
            assert {one.headers["retry-after"] for one in answers} == {"7"}
            assert not any(haproxy.FULL in one.headers for one in answers)
            assert answers[-1].json()["error"]["code"] == "overloaded"
            passing = ("/v1/consultations/a-1/messages", "/v1/admin/models")
            assert [client.post(place, json={}).content for place in passing] == [b"", b""]
            assert client.get("/v1/models").status_code == 200
            client.post("/v1/keywords", json={}, headers={"Origin": "https://a.example"})
            assert Full.came[-4:] == [*passing, "/v1/models", "/v1/keywords"]
            time.sleep(0.5)
            client.post("/v1/articles/search", json={})
            assert Full.came[-1] == "/v1/articles/search"
    finally:
        running.kill()
        running.wait(10)
        replica.shutdown()


def address(listening: socket.socket) -> str:
    host, port = listening.getsockname()
    return f"{host}:{port}"


def test_where_no_page_will_be_no_browser_waits(tmp_path: Path) -> None:
    haproxy.prepare(tmp_path, 8500, 120, page=False)
    assert "wait.html" not in (tmp_path / "haproxy").read_text()
    assert "to_browser" not in haproxy.hardened(WRITTEN, replace(SAID, wait=""))


def reached(url: str, headers: dict[str, str]) -> httpx.Response:
    """The answer, once somebody listens there."""
    for _ in range(100):
        try:
            return httpx.get(url, headers=headers, trust_env=False, timeout=20)
        except httpx.ConnectError:
            time.sleep(0.1)
    raise AssertionError(f"nobody listens at {url}")
