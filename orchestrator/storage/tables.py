"""All tables of the database, for SQLite and PostgreSQL alike. Columns with what a client said are sealed bytes."""

from sqlalchemy import JSON, Column, Float, Integer, MetaData, String, Table

metadata = MetaData()

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
