"""Assembly: from validated settings to a bound Serve application, in one function. Nothing is built at import."""

from collections.abc import Mapping
from typing import Any

from ray import serve
from ray.serve import Application
from ray.serve.config import AutoscalingConfig, BackpressureConfig, RequestRouterConfig

from deploy import settings as config
from deploy.article import ArticleServer
from deploy.casting import cast
from deploy.deployments import Ingress, ModelServer, RetrieverServer
from deploy.routing import ModelRouter
from deploy.settings import Scaling, Settings

# What Serve lets through to the ingress: its own refusals are not the API's error objects, so the bounds that clients
# meet are those of deploy/api/admission.py, far below. Past this a proxy's memory is at stake.
OPEN = 10_000


def build_app(args: Mapping[str, Any]) -> Application:
    """The application of these settings (the `args` of a Serve config file). Raises BadSettings.

    Deployments: `model-<name>` for each entry of `models`, `article` where there is one, `retriever`, `ingress`.
    """
    settings = args if isinstance(args, Settings) else config.complete(args)
    deployments, cards = cast(settings)
    models: dict[str, Application] = {}
    limits = settings.limits
    for one in deployments:
        mine = [cards[name] for name in one.cards]
        routed = {"request_router_config": RequestRouterConfig(request_router_class=ModelRouter)}
        bound = serve.deployment(ModelServer, name=f"model-{one.name}", **_options(one, limits.model), **routed).bind(
            mine, settings.private
        )
        models |= dict.fromkeys(one.cards, bound)
    article = None
    if settings.article is not None:
        role = serve.deployment(ArticleServer, name="article", **_options(settings.article, limits.reading))
        article = (settings.article, role.bind(settings.article, settings.private), limits.reading)
    retriever = serve.deployment(
        RetrieverServer, name="retriever", **_options(settings.retriever, limits.retrieval)
    ).bind(str(settings.home), settings.private, article)
    refusing = {"max_ongoing_requests": OPEN, "max_queued_requests": OPEN}
    ingress = serve.deployment(
        Ingress,
        name="ingress",
        backpressure_config=BackpressureConfig(retry_after_s=1),
        **(_options(settings.ingress, limits.turn) | refusing),
    )
    return ingress.bind(settings.model_dump(mode="json"), cards, models, retriever)


def _options(scaling: Scaling, longest: float) -> dict[str, Any]:
    """`longest`: seconds that a request may take, and a replica that is to go waits for."""
    options: dict[str, Any] = {
        "max_ongoing_requests": scaling.ongoing,
        "max_queued_requests": scaling.queued,
        "graceful_shutdown_timeout_s": longest,
        "graceful_shutdown_wait_loop_s": 0.2,
        "ray_actor_options": {"num_cpus": scaling.cpus, "num_gpus": scaling.gpus},
    }
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
