"""The files that others run: manifests against Kubernetes' schemas and our own settings, the Dockerfile by hadolint."""

import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from ray.serve.schema import ServeDeploySchema

from deploy import settings
from deploy.casting import cast

DEPLOY = Path(settings.__file__).parent
ROOT = DEPLOY.parent
KUBERNETES = "1.33"
MANIFEST = list(yaml.safe_load_all((DEPLOY / "kuberay.yaml").read_text("utf-8")))
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
# Of KubeRay 1.4's RayService: the fields of its parts that are no part of Kubernetes.
FIELDS = {
    "service": {"serveConfigV2", "rayClusterConfig", "excludeHeadPodFromServeSvc", "upgradeStrategy", "serveService"},
    "cluster": {
        *("rayVersion", "enableInTreeAutoscaling", "autoscalerOptions", "gcsFaultToleranceOptions"),
        *("headGroupSpec", "workerGroupSpecs"),
    },
    "autoscaler": {"version", "idleTimeoutSeconds", "upscalingMode", "resources", "env", "image", "securityContext"},
    "redis": {"redisAddress", "redisUsername", "redisPassword", "externalStorageNamespace"},
    "head": {"rayStartParams", "template", "headService", "serviceType", "enableIngress"},
    "group": {
        *("groupName", "replicas", "minReplicas", "maxReplicas", "numOfHosts"),
        *("rayStartParams", "template", "scaleStrategy", "suspend", "idleTimeoutSeconds"),
    },
}
# Variables that others read: Ray, libpq, and the image's Redis.
FOREIGN = re.compile(r"RAY_\w+|PGPASSWORD|REDIS_PASSWORD|POSTGRES_\w+")


def _service() -> dict[str, Any]:
    (found,) = [one for one in MANIFEST if one["kind"] == "RayService"]
    return dict(found["spec"])


def _groups() -> dict[str, dict[str, Any]]:
    cluster = _service()["rayClusterConfig"]
    return {"head": cluster["headGroupSpec"], **{one["groupName"]: one for one in cluster["workerGroupSpecs"]}}


def _pods() -> Iterator[dict[str, Any]]:
    """Every pod template of the manifest."""
    yield from (group["template"] for group in _groups().values())
    yield from (one["spec"]["template"] for one in MANIFEST if one["kind"] in ("Job", "StatefulSet"))


def _containers() -> Iterator[dict[str, Any]]:
    for pod in _pods():
        yield from pod["spec"]["containers"]


def _args(served: str | dict[str, Any]) -> dict[str, Any]:
    """The `args` of a Serve config, which Ray's own schema accepts; the page beside the API has the same."""
    config = yaml.safe_load(served) if isinstance(served, str) else served
    application, *others = ServeDeploySchema.model_validate(config).applications
    assert application.import_path == "deploy.app:build_app"
    for page in others:
        assert (page.import_path, page.route_prefix, page.args) == ("deploy.app:build_page", "/ui", application.args)
    return dict(application.args)


def test_kubernetes_accepts_every_object() -> None:
    for one in MANIFEST:
        if one["kind"] != "RayService":
            kubernetes_validate.validate(one, KUBERNETES, strict=True)
    for pod in _pods():
        whole = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "pod"}, "spec": pod["spec"]}
        kubernetes_validate.validate(whole, KUBERNETES, strict=True)


def test_kuberay_knows_every_field() -> None:
    service = _service()
    cluster = service["rayClusterConfig"]
    parts = [("service", service), ("cluster", cluster), ("head", cluster["headGroupSpec"])]
    parts += [("autoscaler", cluster["autoscalerOptions"]), ("redis", cluster["gcsFaultToleranceOptions"])]
    parts += [("group", group) for group in cluster["workerGroupSpecs"]]
    for kind, part in parts:
        assert set(part) <= FIELDS[kind], kind
    for group in _groups().values():
        assert all(isinstance(value, str) for value in group["rayStartParams"].values())
    assert cluster["rayVersion"] == version("ray")


def test_the_manifest_serves_the_profile_of_a_cluster() -> None:
    args = _args(_service()["serveConfigV2"])
    assert [one["name"] for one in yaml.safe_load(_service()["serveConfigV2"])["applications"]] == ["lexhub", "page"]
    loaded = settings.complete(args)
    assert not loaded.private
    deployments, cards = cast(loaded)
    assert {"qwen3-8b", "composer"} <= set(cards)
    profile = _args(yaml.safe_load((settings.PROFILES / "cluster.yaml").read_text("utf-8")))
    site = {"host", "sessions", "api_keys", "contact"}

    def plain(value: Any) -> Any:
        """Without what only a cluster with several kinds of nodes has."""
        if isinstance(value, dict):
            return {key: plain(one) for key, one in value.items() if key != "labels"}
        return [plain(one) for one in value] if isinstance(value, list) else value

    assert {key: plain(one) for key, one in args.items() if key not in site} == {
        key: one for key, one in profile.items() if key not in site
    }
    # What takes requests, and needs no GPU, stays off the nodes that have some.
    for scaling in (loaded.ingress, loaded.retriever, *(one for one in deployments if not one.gpus)):
        assert scaling.labels == {"ray.io/node-group": "web"}
    assert loaded.ingress.per_node == 1 and loaded.ingress.replicas >= 2


def test_replicas_find_room_on_the_nodes() -> None:
    args, groups = settings.complete(_args(_service()["serveConfigV2"])), _groups()
    deployments, _ = cast(args)
    scaled = [args.ingress, args.retriever, *([args.article] if args.article else []), *deployments]
    assert groups["head"]["rayStartParams"]["num-cpus"] == "0"
    for name, gpu in (("web", False), ("gpu", True)):
        limits = groups[name]["template"]["spec"]["containers"][0]["resources"]["limits"]
        least, most = groups[name]["minReplicas"], groups[name]["maxReplicas"]
        mine = [one for one in scaled if bool(one.gpus) == gpu]
        assert sum(one.replicas * one.gpus for one in mine) <= least * int(limits.get("nvidia.com/gpu", 0))
        assert sum(one.replicas * one.cpus for one in mine) <= least * int(limits["cpu"])
        assert sum(one.upto * one.gpus for one in mine) <= most * int(limits.get("nvidia.com/gpu", 0))
        assert sum(one.upto * one.cpus for one in mine) <= most * int(limits["cpu"])
        assert all(
            one.replicas <= least * one.per_node and one.upto <= most * one.per_node for one in mine if one.per_node
        )


def test_pods_are_told_only_what_is_read_and_hold_no_secret() -> None:
    ours = set(re.findall(r"LEXHUB_\w+", (DEPLOY / "settings.py").read_text("utf-8")))
    given = [one for container in _containers() for one in container.get("env", [])]
    given += _service()["rayClusterConfig"]["autoscalerOptions"]["env"]
    for one in given:
        assert one["name"] in ours or FOREIGN.fullmatch(one["name"]), one["name"]
        if re.search("TOKEN|KEY|PASSWORD", one["name"]):
            assert "secretKeyRef" in one["valueFrom"]
    keys = {one["valueFrom"]["secretKeyRef"]["key"] for one in given if "valueFrom" in one}
    told = set(re.findall(r"--from-literal=([\w-]+)=", (DEPLOY / "kuberay.yaml").read_text("utf-8")))
    assert keys == told
    for service in COMPOSE["services"].values():
        assert all(name in ours or FOREIGN.fullmatch(name) for name in service["environment"])


def test_ray_asks_for_its_token_on_every_node() -> None:
    for group in _groups().values():
        given = {one["name"]: one for one in group["template"]["spec"]["containers"][0]["env"]}
        assert given["RAY_AUTH_MODE"]["value"] == "token" and "RAY_AUTH_TOKEN" in given


def test_no_container_has_more_rights_than_it_needs() -> None:
    for pod in _pods():
        spec = pod["spec"]
        assert spec["securityContext"]["runAsNonRoot"] is True
        asks = spec.get("automountServiceAccountToken")
        assert asks is False or pod["metadata"]["labels"]["app.kubernetes.io/component"] == "head"
        for container in spec["containers"]:
            assert container["securityContext"]["allowPrivilegeEscalation"] is False
            assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
            assert {"requests", "limits"} <= set(container["resources"])


def test_every_selector_finds_its_pods() -> None:
    labels = [pod["metadata"]["labels"] for pod in _pods()]
    for one in MANIFEST:
        selector = one["spec"].get("selector") or one["spec"].get("podSelector")
        if one["kind"] in ("PodDisruptionBudget", "NetworkPolicy", "StatefulSet"):
            selector = selector["matchLabels"]
        if one["kind"] in ("PodDisruptionBudget", "NetworkPolicy", "StatefulSet", "Service"):
            assert any(selector.items() <= found.items() for found in labels), one["metadata"]["name"]
    mounts = {claim["name"] for container in _containers() for claim in container["volumeMounts"]}
    volumes = {volume["name"] for pod in _pods() for volume in pod["spec"].get("volumes", [])} | {"data"}
    assert mounts == volumes


def test_the_compose_file_serves_over_its_own_network() -> None:
    written = COMPOSE["configs"]["profile"]["content"]
    args = settings.complete(_args(re.sub(r"\$\{LEXHUB_(PAGE_)?KEY_SHA256:\?\}", "0" * 64, written)))
    assert args.host == "0.0.0.0" and args.sessions == "postgresql://lexhub@postgres:5432/lexhub"
    assert cast(args)[0]
    assert COMPOSE["services"]["lexhub"]["ports"] == ["127.0.0.1:8000:8000"]
    assert (ROOT / "deploy" / COMPOSE["services"]["lexhub"]["build"]["context"]).resolve() == ROOT
    assert (ROOT / COMPOSE["services"]["lexhub"]["build"]["dockerfile"]).is_file()


def test_the_dockerfile_copies_what_is_there_and_passes_hadolint() -> None:
    lines = (DEPLOY / "Dockerfile").read_text("utf-8").splitlines()
    sources = [
        word for line in lines if line.startswith("COPY ") and "--from" not in line for word in line.split()[1:-1]
    ]
    assert {"constraints.txt", "pyproject.toml", "deploy", "models", "retrievers", "orchestrator"} <= set(sources)
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    for source in sources:
        assert (ROOT / source).exists()
        assert f"!{source}" in ignored
    assert any(re.fullmatch(r"USER \d+:\d+", line) for line in lines)
    assert {f"{name}={value}" for name, value in settings.SERVE.items()} <= {line.strip(" \\") for line in lines}
    hadolint = Path(sys.executable).with_name("hadolint")
    done = subprocess.run([hadolint, DEPLOY / "Dockerfile"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("image", [one["image"] for one in _containers()] + [COMPOSE["services"]["postgres"]["image"]])
def test_images_are_pinned(image: str) -> None:
    assert not image.endswith(":latest") and ":" in image.split("/")[-1]
