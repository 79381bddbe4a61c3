"""A proxy that lets nothing through and remembers who was to be reached.

Chromium is told to use it for every host but the server's own, so whatever leaves the page ends here: requests of
scripts, styles and fonts, WebSockets, workers and beacons. Connections in advance (<link rel=preconnect>) are off in a
browser under test; for those the visitor looks at the document.
"""

import socketserver
import threading
from typing import Self

# Chromium's own downloads, which no switch turns off; what the page asks of it, the visitor sees as a request.
OWN = ("redirector.gvt1.com:443",)


class Trap:
    """A context manager; `caught` are the targets in the order they were asked for."""

    def __init__(self) -> None:
        self.caught: list[str] = []
        caught = self.caught

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                method, _, rest = self.rfile.readline().decode("latin-1").partition(" ")
                target = rest.split(" ")[0]
                if target not in OWN:
                    caught.append(f"{method} {target}")
                self.wfile.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True

    @property
    def arguments(self) -> tuple[str, ...]:
        """What Chromium is started with to end here; loopback is not proxied, other names of this machine are."""
        return (
            f"--proxy-server=http://127.0.0.1:{self._server.server_address[1]}",
            "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
        )

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
