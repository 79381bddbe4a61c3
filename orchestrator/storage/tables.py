"""All tables of the database, for SQLite and PostgreSQL alike.

What a client said, and who the client is, stands in `sealed` columns only (see sealing.py); the rest is numbers, times,
random ids and keyed hashes. A new table needs no step of migration; a change of an old one does (see migration.py).
"""

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table, UniqueConstraint

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
