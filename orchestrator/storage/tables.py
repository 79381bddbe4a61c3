"""All tables of the database, for SQLite and PostgreSQL alike. Columns with what a client said are sealed bytes."""

from sqlalchemy import JSON, BigInteger, Column, Float, Integer, MetaData, String, Table

metadata = MetaData()

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
