"""Assembly: from validated settings to a bound Serve application, in one function. Nothing is built at import."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ray import serve
from ray.serve import Application
from ray.serve.config import AutoscalingConfig

from deploy import settings as config
from deploy.article import ArticleServer
from deploy.deployments import Ingress, ModelServer, RetrieverServer
from deploy.settings import TEST_DOUBLES, BadSettings, ModelDeployment, Scaling, Settings
from models import registry
from models.contracts import NEEDED, BadCard, ModelCard


def build_app(args: Mapping[str, Any]) -> Application:
    """The application of these settings (the `args` of a Serve config file). Raises BadSettings.

    Deployments: `model-<name>` for each entry of `models`, `article` where there is one, `retriever`, `ingress`.
    """
    settings = args if isinstance(args, Settings) else config.complete(args)
    cards = chosen_cards(settings)
    models: dict[str, Application] = {}
    for one in settings.models:
        mine = [cards[name] for name in one.cards]
        bound = serve.deployment(ModelServer, name=f"model-{one.name}", **_options(one)).bind(mine, settings.private)
        models |= dict.fromkeys(one.cards, bound)
    article = None
    if settings.article is not None:
        role = serve.deployment(ArticleServer, name="article", **_options(settings.article))
        article = (settings.article, role.bind(settings.article, settings.private), settings.limits.reading)
    retriever = serve.deployment(RetrieverServer, name="retriever", **_options(settings.retriever)).bind(
        str(settings.home), settings.private, article
    )
    ingress = serve.deployment(Ingress, name="ingress", **_options(settings.ingress))
    return ingress.bind(settings.model_dump(mode="json"), cards, models, retriever)


def chosen_cards(settings: Settings) -> dict[str, ModelCard]:
    """The cards that the settings deploy, their options overridden. Raises BadSettings for what cannot be."""
    try:
        known = registry.cards([Path(folder) for folder in settings.card_folders])
    except BadCard as error:
        raise BadSettings(str(error)) from error
    chosen = {}
    for deployment in settings.models:
        for name in deployment.cards:
            if name not in known:
                raise BadSettings(f"models.{deployment.name}: no card {name!r}; known: {', '.join(sorted(known))}")
            chosen[name] = _with_options(known[name], deployment)
    if doubles := [card.name for card in chosen.values() if card.backend in TEST_DOUBLES and settings.shipped]:
        raise BadSettings(f"test doubles cannot serve clients: {doubles}; they need `shipped: false`")
    able = {ability for card in chosen.values() for ability in card.abilities}
    if missing := set(NEEDED) - able:
        raise BadSettings(f"no deployed model is able to do: {sorted(missing)}")
    return chosen


def _with_options(card: ModelCard, deployment: ModelDeployment) -> ModelCard:
    options = {**card.options, **deployment.options.get(card.name, {})}
    if name := options.pop("api_key_env", None):
        options["api_key"] = config.secret(name)
    return card.model_copy(update={"options": options})


def _options(scaling: Scaling) -> dict[str, Any]:
    options: dict[str, Any] = {
        "max_ongoing_requests": scaling.ongoing,
        "max_queued_requests": scaling.queued,
        "graceful_shutdown_timeout_s": 5,
        "graceful_shutdown_wait_loop_s": 0.2,
        "ray_actor_options": {"num_cpus": scaling.cpus, "num_gpus": scaling.gpus},
    }
    if scaling.most is not None and scaling.most > scaling.replicas:
        options["autoscaling_config"] = AutoscalingConfig(
            min_replicas=scaling.replicas, max_replicas=scaling.most, target_ongoing_requests=scaling.target_ongoing
        )
    else:
        options["num_replicas"] = scaling.replicas
    return options
