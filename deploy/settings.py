"""All settings of a server, validated. The only module that reads the environment.

A profile is a Ray Serve config file whose `args` are a `Settings`; unknown keys are refused. The environment gives
what differs between machines: LEXHUB_HOME (data), LEXHUB_PORT, and the API key of each outside endpoint.
"""

import ipaddress
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Self

import platformdirs
import yaml
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator

from models.readers import EmbedderOptions, RerankerOptions
from orchestrator.breaker import BreakerRules
from retrievers.contracts import CORPUS_NAME

PROFILES = Path(__file__).parent / "profiles"
TEST_DOUBLES = frozenset({"scripted"})
ORIGIN = r"https?://[a-zA-Z0-9.-]+(:[0-9]{1,5})?|https?://\[[0-9a-fA-F:]+\](:[0-9]{1,5})?"
SLOW = {"model": 300, "turn": 420}  # seconds; a language model on a CPU writes a few words a second
# gRPC, not Ray's actor calls: half the time of a call. What Serve does for a request, and what we do, in one event
# loop: between two, every step waits until the other one lets go of Python's lock. The router keeps its own
# (RAY_SERVE_RUN_ROUTER_IN_SEPARATE_LOOP); what ours would bring is in docs/measured.md.
SERVE = {"RAY_SERVE_USE_GRPC_BY_DEFAULT": "1", "RAY_SERVE_RUN_USER_CODE_IN_SEPARATE_THREAD": "0"}
Role = Literal["dialogue", "keyword", "planner", "article"]


class BadSettings(Exception):
    """The settings cannot be used; the message names the key or file and what is wrong."""

    code = "bad_settings"


class Value(BaseModel):
    """Base of all settings: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Scaling(Value):
    """Replicas of one deployment and what each takes: `ongoing` requests at once, and `queued` more that wait.

    With `most` above `replicas` their number follows the load, so that each has `target_ongoing` requests: one more
    after it was too busy for `upscale_delay_s`, one less after it was too idle for `downscale_delay_s`. A replica that
    goes first ends what it has begun.
    `per_node`: at most so many replicas on one node of a cluster; without it Serve spreads them as well as it can.
    `labels`: those that a node must have. `surge`: in an update, so many replicas more (percent of them, rounded up)
    start before old ones stop, where there is room; with 0 an old one stops first.
    """

    replicas: int = Field(default=1, ge=1)
    most: int | None = Field(default=None, ge=1)
    per_node: int | None = Field(default=None, ge=1, le=100)
    labels: dict[str, str] = {}
    surge: int = Field(default=0, ge=0, le=100)
    target_ongoing: float = Field(default=8, gt=0)
    upscale_delay_s: float = Field(default=3, ge=0)
    downscale_delay_s: float = Field(default=120, ge=0)
    ongoing: int = Field(default=64, ge=1)
    queued: int = Field(default=256, ge=1)
    cpus: float = Field(default=0.1, ge=0)
    gpus: float = Field(default=0, ge=0)

    @property
    def upto(self) -> int:
        """How many replicas there may be at once."""
        return max(self.most or 0, self.replicas)


class Part(Scaling):
    """A part that may have replicas of its own, or be `inside`: then each ingress replica has one itself. For what
    computes elsewhere or so little that a call to another process would cost more than the answer.
    """

    inside: bool = False

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        given = [name for name, one in Scaling.model_fields.items() if getattr(self, name) != one.default]
        if self.inside and given:
            raise ValueError(f"what is inside the ingress has no replicas of its own, and so no {', '.join(given)}")
        return self


class ModelDeployment(Part):
    """One Serve deployment that hosts models: their cards by name, and options that differ from the card's.

    One with `roles` has a single card, which is chosen before all others for them (deploy/casting.py).
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    roles: tuple[Role, ...] = ()
    cards: tuple[str, ...] = Field(min_length=1)
    options: dict[str, dict[str, Any]] = {}


class ArticleDeployment(Scaling):
    """The article role's embedder and reranker; either may be missing. Their index is made by `lexhub ingest`."""

    cpus: float = Field(default=1, ge=0)
    encoder: EmbedderOptions | None = None
    reranker: RerankerOptions | None = None


class ApiKey(Value):
    """A caller: `sha256` is the hex digest of the key itself, which is never stored.

    `per_minute` requests, `per_day` and `per_month` tokens; without a figure there is no limit. Keys
    in the database (`lexhub keys`) come besides them.
    """

    name: str = Field(pattern=r"^[^\x00-\x1f\x7f]+$")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    scopes: tuple[Literal["consult", "experts", "admin", "metrics"], ...] = ("consult", "experts")
    per_minute: int | None = Field(default=None, ge=1)
    per_day: int | None = Field(default=None, ge=1)
    per_month: int | None = Field(default=None, ge=1)


class Tracing(Value):
    """OpenTelemetry traces, sent by OTLP over HTTP to `endpoint` (http://HOST:4318/v1/traces). `sample`: the share of
    requests that are traced; one that a client traces is traced if the client says so. `headers_env` names the variable
    that holds headers for the endpoint, as name=value,name=value.
    """

    endpoint: str = Field(pattern=r"^https?://[^/\s]+")
    sample: float = Field(default=1.0, ge=0, le=1)
    headers_env: str = ""


class Observing(Value):
    """How a replica is observed: the form of its log, where traces go, and the headers (name → value) for that."""

    log: Literal["text", "json"] = "text"
    tracing: Tracing | None = None
    headers: dict[str, SecretStr] = {}


class LimitSettings(Value):
    """Deadlines in seconds, and the largest request body in bytes.

    `waiting`: for a place among the requests that the ingress works on; who would wait longer is refused.
    `reading`: of the article role's embedder, and of its reranker, in a search; both must fit into `retrieval`.
    `upload`: until a request's body has arrived. `hedge`: what has no answer by then, or is much later than others, is
    asked of another replica too, where there is one.
    """

    model: float = Field(default=20, gt=0)
    retrieval: float = Field(default=10, gt=0)
    reading: float = Field(default=3, gt=0)
    hedge: float = Field(default=0.3, gt=0)
    turn: float = Field(default=120, gt=0)
    waiting: float = Field(default=10, gt=0)
    body: int = Field(default=262_144, ge=1024)
    upload: float = Field(default=30, gt=0)


class PageSettings(Value):
    """The web page. `places`: what visitors do that is worked on at once; `waiting`: what waits for a place besides."""

    enabled: bool = True
    places: int = Field(default=64, ge=1, le=1000)
    waiting: int = Field(default=128, ge=1, le=10_000)


class Settings(Value):
    """A whole server.

    `roles` points a role at a card, a checkpoint's folder or a name on the hub, in place of the profile's own model.
    `article`: the embedder and the reranker that searches for articles ask; without it the search needs neither.
    `corpora`: which keys, by name, may see each corpus of private documents; one that is not named here is seen by
    none. Without any key configured the loopback caller sees all. `font` is the file of a Chinese font for PDF; without
    it one is looked for where the system keeps fonts. `sessions`: "sqlite" (a file of the home) or the postgresql://
    URL of a database; a session is deleted `retention_days` after its last turn, never where that is null. `log`: the
    form of log lines. `cors_origins`: pages that may call from a browser, as https://host; `tls`: clients reach the
    server over TLS. `consent`: whether a consultation needs the client's consent to the processing of personal data; by
    default unless all lives on this machine. `contact`: how clients reach whoever runs the server (个人信息保护法
    第十七条).
    """

    profile: str
    shipped: bool = True
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    home: Path = Path()
    sessions: str = Field(default="sqlite", pattern=r"^(sqlite$|postgresql://)")
    retention_days: float | None = Field(default=None, gt=0)
    models: tuple[ModelDeployment, ...] = Field(min_length=1)
    roles: dict[Role, str] = {}
    card_folders: tuple[Path, ...] = ()
    article: ArticleDeployment | None = None
    retriever: Part = Part()
    ingress: Scaling = Scaling(ongoing=64, queued=128)
    api_keys: tuple[ApiKey, ...] = ()
    corpora: dict[str, tuple[str, ...]] = {}
    limits: LimitSettings = LimitSettings()
    page: PageSettings = PageSettings()
    breaker: BreakerRules = BreakerRules()
    log: Literal["text", "json"] = "text"
    tracing: Tracing | None = None
    cors_origins: tuple[str, ...] = ()
    tls: bool = False
    consent: Literal["required", "off"] | None = None
    contact: str = ""
    producer: str = "Lexhub 自托管实例"
    font: Path | None = None
    needs_gpu: bool = False

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        names = [one.name for one in self.models]
        if len(set(names)) != len(names):
            raise ValueError("two model deployments have the same name")
        cards = [card for one in self.models for card in one.cards]
        if len(set(cards)) != len(cards):
            raise ValueError("a model card is deployed twice")
        if strange := {card for one in self.models for card in one.options} - set(cards):
            raise ValueError(f"options for cards that are not deployed: {sorted(strange)}")
        roles = [role for one in self.models for role in one.roles]
        if len(set(roles)) != len(roles):
            raise ValueError("two model deployments have the same role")
        if crowded := [one.name for one in self.models if one.roles and len(one.cards) > 1]:
            raise ValueError(f"a deployment with roles has one card: {crowded}")
        if self.article is not None and 2 * self.limits.reading >= self.limits.retrieval:
            raise ValueError("limits.reading must be less than half of limits.retrieval")
        keys = {key.name for key in self.api_keys}
        if len(keys) != len(self.api_keys):
            raise ValueError("two api_keys have the same name")
        if taken := sorted(name for name in keys if name == "loopback" or name.startswith("lxh_")):
            raise ValueError(f"api_keys: these names are for accounts that are not in the settings: {taken}")
        for corpus, named in self.corpora.items():
            if re.fullmatch(CORPUS_NAME, corpus) is None:
                raise ValueError(f"corpora: {corpus!r} cannot be the name of a corpus")
            if unknown := sorted(set(named) - keys):
                raise ValueError(f"corpora.{corpus}: no api_keys have the names {unknown}")
        if not _is_loopback(self.host) and not self.api_keys:
            raise ValueError(f"host {self.host} is reachable from outside, so api_keys are needed")
        if not _is_loopback(self.host) and self.consent_needed and not self.contact.strip():
            raise ValueError("clients are asked for their consent, so they must be told how to reach you: set contact")
        if strange_origins := [one for one in self.cors_origins if re.fullmatch(ORIGIN, one) is None]:
            raise ValueError(f"cors_origins: each is https://host or http://host:port, not {strange_origins}")
        if self.profile == "cluster" and self.sessions == "sqlite":
            raise ValueError("a cluster cannot keep sessions in SQLite; set sessions to a postgresql:// URL")
        return self

    @property
    def consent_needed(self) -> bool:
        """Whether a consultation needs consent."""
        return self.consent == "required" or (self.consent is None and not self.private)

    @property
    def database(self) -> str:
        """The URL of the database."""
        return f"sqlite:///{self.home / 'sessions.sqlite'}" if self.sessions == "sqlite" else self.sessions

    @property
    def private(self) -> bool:
        """Whether all of the server lives on this machine alone."""
        return self.profile != "cluster" and _is_loopback(self.host)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def default_home() -> Path:
    """$LEXHUB_HOME, else the per-user data folder."""
    given = os.environ.get("LEXHUB_HOME")
    return Path(given) if given else Path(platformdirs.user_data_dir("lexhub"))


def profile_path(name: str) -> Path:
    """The file of a shipped profile or the path itself. Raises BadSettings listing the shipped ones."""
    if name.endswith((".yaml", ".yml")):
        return Path(name)
    path = PROFILES / f"{name}.yaml"
    if not path.exists():
        known = ", ".join(sorted(one.stem for one in PROFILES.glob("*.yaml")))
        raise BadSettings(f"unknown profile {name!r}; shipped profiles: {known}; or give a .yaml file")
    return path


def load(profile: str, overrides: Mapping[str, Any] | None = None) -> Settings:
    """The settings of a profile, completed from the environment, then `overrides`. Raises BadSettings.

    `roles` among the overrides replace those of the profile one by one.
    """
    args = arguments(profile)
    given = dict(overrides or {})
    if "roles" in given:
        given["roles"] = {**(args.get("roles") or {}), **given["roles"]}
        if given["roles"] and "limits" not in args:
            # The profile has no language model, and its limits are for models that answer at once.
            given.setdefault("limits", SLOW)
    return complete({**args, **given}, source=str(profile_path(profile)))


def arguments(profile: str) -> dict[str, Any]:
    """The `args` of a profile as they are written. Raises BadSettings."""
    path = profile_path(profile)
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        applications = content["applications"]
        return dict(next(one["args"] for one in applications if one["import_path"] == "deploy.app:build_app"))
    except (OSError, yaml.YAMLError, KeyError, TypeError, StopIteration) as error:
        raise BadSettings(f"{path}: not a Serve config file of Lexhub: {error!r}") from error


def complete(args: Mapping[str, Any], source: str = "settings") -> Settings:
    """Validated settings with home and port filled in from the environment. Raises BadSettings naming the key."""
    values = dict(args)
    values.setdefault("home", str(default_home()))
    if "port" not in values and (port := os.environ.get("LEXHUB_PORT")):
        values["port"] = port
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        rows = error.errors(include_url=False, include_input=False)
        raise BadSettings(
            "; ".join(f"{source}: {'.'.join(map(str, row['loc']))}: {row['msg']}" for row in rows)
        ) from error
    font = settings.font.expanduser().absolute() if settings.font else None
    return settings.model_copy(update={"home": settings.home.expanduser().absolute(), "font": font})


def own_url(settings: Settings) -> str:
    """Where a part of this server reaches its API: on its own machine, whatever names the machine has outside."""
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::", "localhost") else settings.host
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"


def storage_keys() -> str:
    """$LEXHUB_STORAGE_KEYS, what sessions are sealed with (`lexhub sessions key`); empty where it is not set.

    Read where the database is opened, and kept out of the settings, which Serve stores and shows.
    """
    return os.environ.get("LEXHUB_STORAGE_KEYS", "")


def own_key() -> str:
    """The API key that the commands for a running server show: $LEXHUB_API_KEY, or none."""
    return os.environ.get("LEXHUB_API_KEY", "")


def page_key() -> str:
    """The API key of the web page: $LEXHUB_PAGE_KEY, or none. Read by the page alone, and kept out of the settings."""
    return os.environ.get("LEXHUB_PAGE_KEY", "")


def local_url() -> str:
    """Where a server on this machine is: loopback, $LEXHUB_PORT or the usual port."""
    return f"http://127.0.0.1:{os.environ.get('LEXHUB_PORT') or Settings.model_fields['port'].default}"


def secret(name: str) -> str:
    """The value of the environment variable `name`, for endpoint keys. Raises BadSettings when it is not set."""
    value = os.environ.get(name)
    if not value:
        raise BadSettings(f"the environment variable {name} is not set; it holds the key of an outside endpoint")
    return value


def observing(settings: Settings) -> Observing:
    """How the replicas of these settings are observed. Raises BadSettings when the tracing headers are not there."""
    headers: dict[str, SecretStr] = {}
    if settings.tracing is not None and settings.tracing.headers_env:
        for pair in secret(settings.tracing.headers_env).split(","):
            name, equals, value = pair.partition("=")
            if not equals or not name.strip():
                raise BadSettings(f"{settings.tracing.headers_env}: expected name=value,name=value")
            headers[name.strip()] = SecretStr(value.strip())
    return Observing(log=settings.log, tracing=settings.tracing, headers=headers)


def tune_ray() -> None:
    """Make calls between Serve's processes cheap, unless the environment says otherwise (SERVE).

    Must run before Ray is imported, in every process that starts one (deploy/Dockerfile sets it for a cluster's).
    """
    for name, value in SERVE.items():
        os.environ.setdefault(name, value)


def privatise_ray(proxy: Mapping[str, str] | None = None) -> None:
    """Make Ray of this process, and those it starts, private: no telemetry, every port on loopback, no Server header.

    `proxy`: the environment of Serve's HAProxy (deploy/haproxy.py), where that is to be its proxy.

    Must run before Ray is imported. Ray replaces 127.0.0.1 by an outside address unless clusters are disabled, for
    which it has one variable, named after the systems where that is the default.
    """
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"
    os.environ["RAY_SERVE_HTTP_PROXY_CALLBACK_IMPORT_PATH"] = "deploy.proxy.nameless"
    os.environ.update(proxy or {})
