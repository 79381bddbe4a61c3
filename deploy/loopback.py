"""Keeps the replicas of a one-machine server on loopback.

Ray puts every other port on the node's address; the server through which Serve's replicas call each other listens on
all interfaces and has no setting for it (ray 2.60, serve/_private/replica.py), so its address is changed in place.
"""

from typing import Any

from ray.serve._private import replica


def keep_private() -> None:
    """Bind this replica's own server to 127.0.0.1. To be called in a deployment's constructor."""
    original = replica.add_port_to_grpc_server

    def add(server: Any, address: str) -> int:
        return original(server, address.replace("[::]", "127.0.0.1"))  # type: ignore[no-any-return]

    replica.add_port_to_grpc_server = add
