"""Assembly: from validated settings to a bound Serve application, in one function. Nothing is built at import."""

from collections.abc import Mapping, Sequence
from typing import Any

from ray import serve
from ray.serve import Application
from ray.serve.config import AutoscalingConfig, BackpressureConfig, RequestRouterConfig
from ray.serve.schema import LoggingConfig

from deploy import settings as config
from deploy.article import ArticleServer
from deploy.casting import cast
from deploy.deployments import Ingress, ModelServer, RetrieverServer
from deploy.page.deployment import PageServer
from deploy.routing import ModelRouter
from deploy.settings import ModelDeployment, Observing, Scaling, Settings
from models.contracts import ModelCard

# What Serve lets through to the ingress: its own refusals are not the API's error objects, so the bounds that clients
# meet are those of deploy/api/admission.py, far below. Past this a proxy's memory is at stake.
OPEN = 10_000


def build_app(args: Mapping[str, Any]) -> Application:
    """The application of these settings (the `args` of a Serve config file). Raises BadSettings.

    Deployments: `model-<name>` for each entry of `models` that is not inside the ingress, `article` where there is one,
    `retriever` where that is not inside it either, `ingress`.
    """
    settings = args if isinstance(args, Settings) else config.complete(args)
    deployments, cards = cast(settings)
    limits, observing = settings.limits, config.observing(settings)
    apart = [one for one in deployments if not one.inside]
    models: dict[str, Application] = {}
    for one in apart:
        mine = [cards[name] for name in one.cards]
        models |= dict.fromkeys(one.cards, hosted(one, mine, settings, observing))
    article = None
    if settings.article is not None:
        role = serve.deployment(ArticleServer, name="article", **_options(settings.article, limits.reading))
        article = (settings.article, role.bind(settings.article, settings.private, observing), limits.reading)
    retriever = None
    if not settings.retriever.inside:
        searching = serve.deployment(
            RetrieverServer, name="retriever", **_options(settings.retriever, limits.retrieval)
        )
        retriever = searching.bind(str(settings.home), settings.private, observing, article)
    entry = _options(settings.ingress, limits.turn) | {"max_ongoing_requests": OPEN, "max_queued_requests": OPEN}
    entry["backpressure_config"] = BackpressureConfig(retry_after_s=1)
    ingress = serve.deployment(Ingress, name="ingress", **entry)
    places = {name: "ingress" if one.inside else deployed(one) for one in deployments for name in one.cards}
    several = frozenset(name for one in apart if one.upto > 1 for name in one.cards)
    own = article if retriever is None else None
    return ingress.bind(settings.model_dump(mode="json"), cards, places, models, retriever, own, observing, several)


def build_page(args: Mapping[str, Any]) -> Application:
    """The application of the web page, with the settings of the API: one replica, a client like any other, on a node
    that may have replicas of the API. Raises BadSettings.
    """
    settings = config.complete(args)
    place = {"label_selector": settings.ingress.labels} if settings.ingress.labels else {}
    page = serve.deployment(
        PageServer,
        name="page",
        num_replicas=1,
        max_ongoing_requests=OPEN,  # a browser keeps a stream open for each turn it watches
        graceful_shutdown_timeout_s=2,
        graceful_shutdown_wait_loop_s=0.2,
        ray_actor_options={"num_cpus": 0, **place},
    )
    return page.bind(settings.model_dump(mode="json"), config.observing(settings))


def start_page(settings: Settings, logs: LoggingConfig) -> None:
    """Hand the page to Serve, which goes on to start it; that it cannot be had takes nothing from the API."""
    if settings.page.enabled:
        made = build_page(settings.model_dump(mode="json"))
        page = serve.RunTarget(made, name="page", route_prefix="/ui", logging_config=logs)
        serve.run_many([page], wait_for_ingress_deployment_creation=False, wait_for_applications_running=False)


def deployed(one: ModelDeployment) -> str:
    """The name of the deployment that hosts these models."""
    return f"model-{one.name}"


def hosted(one: ModelDeployment, cards: Sequence[ModelCard], settings: Settings, observing: Observing) -> Application:
    """The deployment that hosts these models."""
    options = _options(one, settings.limits.model)
    options["request_router_config"] = RequestRouterConfig(request_router_class=ModelRouter)
    made = serve.deployment(ModelServer, name=deployed(one), **options)
    return made.bind(list(cards), settings.private, observing)


def _options(scaling: Scaling, longest: float) -> dict[str, Any]:
    """Serve's options; `longest`: seconds that a request may take, and a replica that is to go waits for."""
    options: dict[str, Any] = {
        "max_ongoing_requests": scaling.ongoing,
        "max_queued_requests": scaling.queued,
        # Serve believes the third failure: a replica that hangs is stopped after 17 s at the latest.
        "health_check_period_s": 2,
        "health_check_timeout_s": 5,
        "graceful_shutdown_timeout_s": longest,
        "graceful_shutdown_wait_loop_s": 0.2,
        "max_surge_percent": scaling.surge,
        "ray_actor_options": {"num_cpus": scaling.cpus, "num_gpus": scaling.gpus},
    }
    if scaling.labels:
        options["ray_actor_options"]["label_selector"] = scaling.labels
    if scaling.per_node is not None:
        options["max_replicas_per_node"] = scaling.per_node
    if scaling.most is not None and scaling.most > scaling.replicas:
        options["autoscaling_config"] = AutoscalingConfig(
            min_replicas=scaling.replicas,
            max_replicas=scaling.most,
            target_ongoing_requests=scaling.target_ongoing,
            upscale_delay_s=scaling.upscale_delay_s,
            downscale_delay_s=scaling.downscale_delay_s,
        )
    else:
        options["num_replicas"] = scaling.replicas
    return options
