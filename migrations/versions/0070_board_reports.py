"""Reports of boards on whole months, with their comments and the cases that were chosen."""

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
DRAFT = sa.text("fixed_at IS NULL")
# A fixed report is a record of the board: no program changes it, whatever its mistakes.
PARTS = ("board_report_comment", "board_report_case")
POSTGRESQL = (
    """CREATE FUNCTION refuse_fixed_report() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'a fixed report never changes'; END $$""",
    """CREATE TRIGGER board_report_fixed BEFORE UPDATE OR DELETE ON board_report
    FOR EACH ROW WHEN (OLD.fixed_at IS NOT NULL) EXECUTE FUNCTION refuse_fixed_report()""",
    """CREATE FUNCTION refuse_part_of_fixed_report() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (
            SELECT 1 FROM board_report
            WHERE id IN (NEW.report_id, OLD.report_id) AND fixed_at IS NOT NULL
        ) THEN RAISE EXCEPTION 'a fixed report never changes';
        END IF;
        RETURN coalesce(NEW, OLD);
    END $$""",
    *(
        f"""CREATE TRIGGER {part}_fixed BEFORE INSERT OR UPDATE OR DELETE ON {part}
        FOR EACH ROW EXECUTE FUNCTION refuse_part_of_fixed_report()"""
        for part in PARTS
    ),
)
OF_OLD = "EXISTS (SELECT 1 FROM board_report WHERE id = OLD.report_id AND fixed_at IS NOT NULL)"
OF_NEW = "EXISTS (SELECT 1 FROM board_report WHERE id = NEW.report_id AND fixed_at IS NOT NULL)"


def _of_sqlite(table: str, doing: str, condition: str) -> str:
    return (
        f"CREATE TRIGGER {table}_{doing.lower()} BEFORE {doing} ON {table} WHEN {condition} "
        "BEGIN SELECT RAISE(ABORT, 'a fixed report never changes'); END"
    )


SQLITE = (
    *(_of_sqlite("board_report", doing, "OLD.fixed_at IS NOT NULL") for doing in ("UPDATE", "DELETE")),
    *(_of_sqlite(part, "INSERT", OF_NEW) for part in PARTS),
    *(_of_sqlite(part, "UPDATE", f"{OF_OLD} OR {OF_NEW}") for part in PARTS),
    *(_of_sqlite(part, "DELETE", OF_OLD) for part in PARTS),
)


def _reference(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}")


def upgrade() -> None:
    """Forward. No board had a report here before."""
    _report()
    _comment()
    _case()
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def _report() -> None:
    op.create_table(
        "board_report",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("board_id", sa.Integer(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("counted_at", MOMENT, nullable=False),
        sa.Column("fixed_at", MOMENT, nullable=True),
        sa.Column("fixed_by_id", sa.Integer(), nullable=True),
        _reference("board_report", "board_id", "board"),
        _reference("board_report", "created_by_id", "membership_snapshot"),
        _reference("board_report", "fixed_by_id", "membership_snapshot"),
    )
    op.create_index("ix_board_report_board_id", "board_report", ["board_id"])
    op.create_index(
        "uq_board_report_draft",
        "board_report",
        ["board_id", "first", "last"],
        unique=True,
        postgresql_where=DRAFT,
        sqlite_where=DRAFT,
    )


def _comment() -> None:
    op.create_table(
        "board_report_comment",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        _reference("board_report_comment", "report_id", "board_report"),
        _reference("board_report_comment", "author_id", "membership_snapshot"),
        sa.UniqueConstraint("report_id", "section", name="uq_board_report_comment_report_id_section"),
    )


def _case() -> None:
    op.create_table(
        "board_report_case",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("checked", sa.Boolean(), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        _reference("board_report_case", "report_id", "board_report"),
        _reference("board_report_case", "case_id", "case"),
        _reference("board_report_case", "author_id", "membership_snapshot"),
        sa.UniqueConstraint("report_id", "case_id", name="uq_board_report_case_report_id_case_id"),
    )
    op.create_index("ix_board_report_case_case_id", "board_report_case", ["case_id"])
