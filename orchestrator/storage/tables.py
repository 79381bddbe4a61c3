"""All tables of the database, for SQLite and PostgreSQL alike. Columns with what a client said are sealed bytes."""

from sqlalchemy import MetaData

metadata = MetaData()
