"""Waits for a server that a benchmark has started."""

import subprocess
import time
from pathlib import Path
from typing import Any

import httpx

from deploy.settings import BadSettings


def wait(
    process: "subprocess.Popen[bytes]",
    url: str,
    limit_s: float,
    log: Path | None = None,
    probe: str = "/readyz",
    *,
    warm: bool = False,
) -> Any:
    """What `probe` says once the server is ready; with `warm`, once its fields of law are, too.

    Raises BadSettings when it ends, or is not ready in time.
    """
    ends, problem = time.monotonic() + limit_s, ""
    while time.monotonic() < ends:
        if process.poll() is not None:
            said = log.read_text("utf-8")[-2000:] if log is not None else "before it was ready"
            raise BadSettings(f"the server ended with status {process.returncode}: {said}")
        try:
            answer = httpx.get(f"{url}{probe}", timeout=10, trust_env=False)
            if answer.status_code == 200 and (not warm or answer.json()["warm"]):
                return answer.json()
            problem = answer.text
        except httpx.HTTPError as error:
            problem = repr(error)
        time.sleep(0.1)
    raise BadSettings(f"the server was not ready within {limit_s:g} s: {problem[:500]}")
