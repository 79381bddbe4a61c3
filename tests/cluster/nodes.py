"""Several Ray nodes on this machine, with made-up GPUs, and Lexhub served on them as in a cluster."""

import os
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from deploy.server import free_port

# What the manifests set too: a node that says nothing for two seconds is gone, and its replicas are started elsewhere.
HEALTH = {
    "RAY_health_check_initial_delay_ms": "0",
    "RAY_health_check_period_ms": "500",
    "RAY_health_check_timeout_ms": "1000",
    "RAY_health_check_failure_threshold": "2",
}
ROOT = str(Path(__file__).parents[2])
RUNS_S = 150  # until all replicas run, on a busy machine
PRIVATE = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0", "PYTHONPATH": ROOT}


@dataclass
class Node:
    """One Ray node and the port of its proxy."""

    ray_node: Any
    port: int

    @property
    def id(self) -> str:
        return str(self.ray_node.node_id)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def family(self) -> list[psutil.Process]:
        """The raylet and all that it started, the replicas among them."""
        roots = [psutil.Process(one.process.pid) for kind in self.ray_node.all_processes.values() for one in kind]
        return [*roots, *(child for one in roots for child in one.children(recursive=True))]

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to every process of the node at once: SIGKILL ends it, SIGSTOP makes it silent."""
        for process in self.family():
            try:
                process.send_signal(number)
            except psutil.NoSuchProcess:
                continue


class Nodes:
    """A running cluster: a head that hosts no replica, and the nodes added to it, by name. `port`: of the head's proxy."""

    def __init__(self, ray_cluster: Any, port: int) -> None:
        self._cluster, self.port = ray_cluster, port
        self.named: dict[str, Node] = {}

    @property
    def url(self) -> str:
        """The head's proxy."""
        return f"http://127.0.0.1:{self.port}"

    def add(self, name: str, cpus: int, gpus: int = 0, tier: str = "models") -> Node:
        """Start one more node, with a label `tier`."""
        port = free_port()
        started = self._cluster.add_node(
            num_cpus=cpus,
            num_gpus=gpus,
            labels={"tier": tier},
            node_ip_address="127.0.0.1",
            object_store_memory=80 * 2**20,
            env_vars={"RAY_SERVE_WORKER_PROXY_HTTP_PORT": str(port)},
        )
        self.named[name] = Node(started, port)
        return self.named[name]

    def serve(self, args: Mapping[str, Any], **replicas: int) -> None:
        """Deploy Lexhub, or another version of it, as `serve deploy` and RayService do; returns when it runs. Where the
        settings have a page, it is deployed too.

        `replicas`: of a deployment, in place of what the settings say (`model_dialogue=8`).
        """
        from ray import serve
        from ray.serve.context import _get_global_client
        from ray.serve.schema import ApplicationStatus, ServeDeploySchema

        overridden = [{"name": name.replace("_", "-"), "num_replicas": count} for name, count in replicas.items()]
        application = {"name": "lexhub", "import_path": "deploy.app:build_app", "args": dict(args)}
        applications = [{**application, "deployments": overridden}]
        if args.get("page", {}).get("enabled", True):
            page = {"name": "page", "route_prefix": "/ui", "import_path": "deploy.app:build_page", "args": dict(args)}
            applications.append(page)
        config = {"applications": applications}
        _get_global_client().deploy_apps(ServeDeploySchema.model_validate(config))
        ends = time.monotonic() + RUNS_S
        while {one.status for one in serve.status().applications.values()} != {ApplicationStatus.RUNNING}:
            assert time.monotonic() < ends, str(serve.status())
            time.sleep(0.2)

    def replicas(self, deployment: str, application: str = "lexhub") -> list[str]:
        """On which node, by name, each running replica of the deployment is."""
        from ray.serve.context import _get_global_client

        names = {node.id: name for name, node in self.named.items()}
        details = _get_global_client().get_serve_details()["applications"][application]["deployments"][deployment]
        return sorted(names.get(one["node_id"], "?") for one in details["replicas"] if one["state"] == "RUNNING")

    def wait_for(self, deployment: str, replicas: int, limit_s: float = 60, application: str = "lexhub") -> list[str]:
        """`replicas` once there are so many."""
        ends = time.monotonic() + limit_s
        while len(found := self.replicas(deployment, application)) != replicas:
            assert time.monotonic() < ends, f"{deployment}: {found} after {limit_s:g} s, not {replicas}"
            time.sleep(0.2)
        return found


@contextmanager
def started(environment: Mapping[str, str], **head: Any) -> Iterator[Nodes]:
    """A cluster with its head alone, and Serve with a proxy on every node. All nodes have the `environment`."""
    given = HEALTH | PRIVATE | dict(environment)
    before = {name: os.environ.get(name) for name in given}
    os.environ.update(given)
    import ray
    from ray import serve
    from ray.cluster_utils import Cluster
    from ray.serve.config import HTTPOptions, ProxyLocation
    from ray.serve.schema import LoggingConfig

    made = Cluster(
        initialize_head=True,
        head_node_args={"num_cpus": 0, "node_ip_address": "127.0.0.1", "include_dashboard": False, **head},
    )
    port = free_port()
    nodes = Nodes(made, port)
    try:
        ray.init(address=made.address, log_to_driver=False, logging_level="ERROR")
        serve.start(
            proxy_location=ProxyLocation.EveryNode,
            http_options=HTTPOptions(host="127.0.0.1", port=port),
            logging_config=LoggingConfig(log_level="WARNING", enable_access_log=False),
        )
        yield nodes
    finally:
        serve.shutdown()
        ray.shutdown()
        made.shutdown()
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})
