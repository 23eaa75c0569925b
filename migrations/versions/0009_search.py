"""Search: the stems of what each case says, and what each database finds them by.

The stems are plain letters and figures (portal/cases/search/analysis.py), so that both databases compare
them alike.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

PIECES = ("subject", "message", "party")
SQLITE = (
    "CREATE VIRTUAL TABLE search_fts USING fts5"
    "(stems, content='search_text', content_rowid='id', tokenize='unicode61 remove_diacritics 0')",
    "CREATE TRIGGER search_fts_in AFTER INSERT ON search_text BEGIN "
    "INSERT INTO search_fts (rowid, stems) VALUES (new.id, new.stems); END",
    "CREATE TRIGGER search_fts_out AFTER DELETE ON search_text BEGIN "
    "INSERT INTO search_fts (search_fts, rowid, stems) VALUES ('delete', old.id, old.stems); END",
    "CREATE TRIGGER search_fts_anew AFTER UPDATE ON search_text BEGIN "
    "INSERT INTO search_fts (search_fts, rowid, stems) VALUES ('delete', old.id, old.stems); "
    "INSERT INTO search_fts (rowid, stems) VALUES (new.id, new.stems); END",
)
POSTGRESQL = ("CREATE INDEX search_fts ON search_text USING gin (to_tsvector('simple', stems))",)


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "search_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("piece", sa.Enum(*PIECES, name="piece", native_enum=False, length=40), nullable=False),
        sa.Column("message_id", sa.Integer()),
        sa.Column("stems", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_search_text_case_id"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_search_text_message_id"),
        sa.PrimaryKeyConstraint("id", name="pk_search_text"),
    )
    op.create_index("ix_search_text_case_id", "search_text", ["case_id"])
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
