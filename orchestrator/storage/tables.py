"""All tables of the database, for SQLite and PostgreSQL alike.

What a client said, and who the client is, stands in `sealed` columns only (see sealing.py); the rest is numbers, times,
random ids and keyed hashes. A new table needs no step of migration; a change of an old one does (see migration.py).
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

metadata = MetaData()

VERSION = 2  # of the layout; 1 was SQLite alone, with LangGraph's own tables beside ours

layout = Table("layout", metadata, Column("version", Integer, primary_key=True, autoincrement=False))

replicas = Table(
    "replicas",
    metadata,
    Column("id", String, primary_key=True),
    Column("seen", Float, nullable=False),  # Unix time by the database's clock
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", String, primary_key=True),
    Column("owner", String, nullable=False),  # keyed hash
    Column("mode", String, nullable=False),
    Column("opening", LargeBinary, nullable=False),  # sealed: owner and settings
    Column("created", Float, nullable=False),
    Column("touched", Float, nullable=False),  # when it was made or its last turn was kept
    Column("holder", String, nullable=False, default=""),  # the replica of the running turn
    Column("lease", String, nullable=False, default=""),  # of the running turn
    Column("message", String, nullable=False, default=""),  # keyed hash of the running turn's idempotency key
    Index("sessions_owner", "owner", "created"),
    Index("sessions_touched", "touched"),
)


def _session(primary_key: bool = False) -> Column[str]:
    cascade = ForeignKey("sessions.id", ondelete="CASCADE")
    return Column("session", String, cascade, primary_key=primary_key, nullable=False)


turns = Table(
    "turns",
    metadata,
    _session(primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("key", String, nullable=False),  # keyed hash of the idempotency key
    Column("content", LargeBinary, nullable=False),  # sealed: idempotency key, message and reply
    Column("events", LargeBinary, nullable=False),  # sealed: the stream as sent, without its last event, the reply
    Column("at", Float, nullable=False),
    UniqueConstraint("session", "key"),
)

checkpoints = Table(
    "checkpoints",
    metadata,
    _session(primary_key=True),
    Column("turn", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),  # sealed: see checkpoints.py
)

feedback = Table(
    "feedback",
    metadata,
    Column("id", Integer, primary_key=True),
    _session(),
    Column("turn", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),  # sealed: rating and comment
    Column("at", Float, nullable=False),
    Index("feedback_session", "session"),
)

# The policy for the traffic to models, all revisions of it. Nothing here comes from clients.
traffic = Table(
    "traffic",
    metadata,
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("at", Float, nullable=False),
    Column("who", String, nullable=False),
    Column("why", String, nullable=False),
    Column("policy", JSON, nullable=False),
)

# Models that joined a running server. `version` grows with every change of any row; `claim` is the replica that deploys
# or removes it now, since `claimed`; `problem` says why it could not be deployed.
joined_models = Table(
    "joined_models",
    metadata,
    Column("name", String, primary_key=True),
    Column("card", JSON, nullable=False),
    Column("deployment", JSON, nullable=False),
    Column("who", String, nullable=False),
    Column("at", Float, nullable=False),
    Column("removed", Float),
    Column("problem", String, nullable=False, default=""),
    Column("claim", String, nullable=False, default=""),
    Column("claimed", Float, nullable=False, default=0.0),
    Column("version", Integer, nullable=False),
)

# API keys: times are Unix seconds, null where there is none; `revision` grows with every change of a row.
api_keys = Table(
    "api_keys",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("digest", String, nullable=False),
    Column("old_digest", String),
    Column("old_until", Float),
    Column("scopes", JSON, nullable=False),
    Column("corpora", JSON, nullable=False),
    Column("per_minute", Integer),
    Column("per_day", BigInteger),
    Column("per_month", BigInteger),
    Column("created", Float, nullable=False),
    Column("expires", Float),
    Column("used", Float),
    Column("revoked", Float),
    Column("revision", Integer, nullable=False, default=1),
)

# What rates and quotas look at: requests in a minute, tokens in a day and in a month, over all replicas.
key_windows = Table(
    "key_windows",
    metadata,
    Column("key", String, primary_key=True),
    Column("window", String, primary_key=True),
    Column("amount", BigInteger, nullable=False),
)

# The usage report: a row with an empty model counts requests, the others what models were called and used.
key_usage = Table(
    "key_usage",
    metadata,
    Column("day", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("route", String, primary_key=True),
    Column("model", String, primary_key=True),
    Column("requests", BigInteger, nullable=False),
    Column("calls", BigInteger, nullable=False),
    Column("prompt_tokens", BigInteger, nullable=False),
    Column("completion_tokens", BigInteger, nullable=False),
)
