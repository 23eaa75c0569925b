"""Search by the lexemes of a case, newest first. `db upgrade` reindexes every case afterwards."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

OLD_SQLITE = (
    "DROP TRIGGER search_fts_in",
    "DROP TRIGGER search_fts_out",
    "DROP TRIGGER search_fts_anew",
    "DROP TABLE search_fts",
    "DELETE FROM search_text",
)
SQLITE = (
    # No positions: the order of the words is read from search_text.
    "CREATE VIRTUAL TABLE search_fts USING fts5"
    "(lexemes, content='search_case', content_rowid='case_id', detail='none', columnsize=0, "
    "tokenize='ascii')",
    "CREATE TRIGGER search_fts_in AFTER INSERT ON search_case BEGIN "
    "INSERT INTO search_fts (rowid, lexemes) VALUES (new.case_id, new.lexemes); END",
    "CREATE TRIGGER search_fts_out AFTER DELETE ON search_case BEGIN "
    "INSERT INTO search_fts (search_fts, rowid, lexemes) VALUES ('delete', old.case_id, old.lexemes); END",
    "CREATE TRIGGER search_fts_anew AFTER UPDATE ON search_case BEGIN "
    "INSERT INTO search_fts (search_fts, rowid, lexemes) VALUES ('delete', old.case_id, old.lexemes); "
    "INSERT INTO search_fts (rowid, lexemes) VALUES (new.case_id, new.lexemes); END",
)
OLD_POSTGRESQL = ("DROP INDEX search_fts", "TRUNCATE search_text")
POSTGRESQL = (
    # A search reads the list of new entries from end to end, so it is kept short (kB).
    "CREATE INDEX search_fts ON search_case USING gin "
    "(array_to_tsvector(string_to_array(lexemes, ' '))) WITH (gin_pending_list_limit = 256)",
)


def upgrade() -> None:
    """Forward."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in OLD_SQLITE if sqlite else OLD_POSTGRESQL:
        op.execute(statement)
    op.create_table(
        "search_case",
        sa.Column("case_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lexemes", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_search_case_case_id"),
        sa.PrimaryKeyConstraint("case_id", name="pk_search_case"),
    )
    op.create_table(
        "search_frequency",
        sa.Column("word", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("word", name="pk_search_frequency"),
    )
    for statement in SQLITE if sqlite else POSTGRESQL:
        op.execute(statement)
