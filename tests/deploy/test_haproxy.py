"""deploy.haproxy: of Serve's own configuration one port is left, no log, a private socket, and our error object."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from deploy import haproxy
from deploy.api.errors import STATUS

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
    errorfile 502 /run/500.http
    errorfile 503 /run/500.http
frontend prometheus
    bind :9101
    mode http
    no log
frontend http_frontend
    bind 127.0.0.1:8000
    use_backend lexhub if { path_beg / }
    default_backend default_backend
backend default_backend
    http-request return status 404 content-type text/plain lf-string "not found"
backend lexhub
    server one 127.0.0.1:30000 check
    server fallback 127.0.0.1:8500 check backup
listen stats
  bind *:8404
  stats enable
"""


def test_one_port_is_left_and_no_log_and_no_open_socket() -> None:
    kept = haproxy.hardened(WRITTEN, "/run/unavailable.http")
    assert [line.strip() for line in kept.splitlines() if "bind" in line] == ["bind 127.0.0.1:8000"]
    assert "514" not in kept and "mode 666" not in kept and "mode 600" in kept
    assert "500.http" not in kept and kept.count("/run/unavailable.http") == 3
    assert "return status 404" not in kept and "backup" not in kept and "server one" in kept
    assert haproxy.hardened(kept, "/run/unavailable.http").count("bind") == 1


@pytest.mark.parametrize("strange", ["frontend other\n    bind :7000\n", ""], ids=["a port more", "no port"])
def test_what_is_not_known_is_refused(strange: str) -> None:
    config = WRITTEN + strange if strange else WRITTEN.replace("    bind 127.0.0.1:8000\n", "")
    with pytest.raises(ValueError, match="not the configuration that is known"):
        haproxy.hardened(config, "/run/unavailable.http")


def test_the_program_becomes_haproxy_with_the_changed_configuration(tmp_path: Path) -> None:
    told = haproxy.prepare(tmp_path, 8500, 120)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700
    config = tmp_path / "haproxy.cfg"
    config.write_text(WRITTEN.replace("/run/", f"{tmp_path}/"))
    program = told["RAY_SERVE_HAPROXY_BINARY_PATH"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    checked = subprocess.run([program, "-c", "-f", str(config)], capture_output=True, text=True, env=environment)
    assert checked.returncode == 0, checked.stderr
    assert "9101" not in config.read_text()


def test_who_finds_no_replica_is_told_so_as_by_the_api(tmp_path: Path) -> None:
    haproxy.prepare(tmp_path, 8500, 120)
    head, body = (tmp_path / "unavailable.http").read_bytes().split(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 503 ") and b"Retry-After: " in head
    assert f"Content-Length: {len(body)}".encode() in head
    code = json.loads(body)["error"]["code"]
    assert code == "ingress_unavailable" and STATUS[code] == 503
