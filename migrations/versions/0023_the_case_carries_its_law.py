"""Add the columns that access checks to the case, and the tables of handovers and bars.

Old cases get the units' boards and the secrecy that their topic has now, since nothing else was kept.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

# (column, what it refers to, whether it may be empty in the end)
CASE = (
    ("responsible_board_id", "board", False),
    ("handling_board_id", "board", False),
    ("responsible_administration_id", "administration", False),
    ("handling_administration_id", "administration", False),
    ("sender_person_id", "person", True),
)
FILL_CASE = (
    """UPDATE "case" SET
    responsible_board_id = (SELECT board_id FROM unit WHERE unit.id = "case".responsible_unit_id),
    handling_board_id = (SELECT board_id FROM unit WHERE unit.id = "case".handling_unit_id),
    responsible_administration_id =
        (SELECT administration_id FROM unit WHERE unit.id = "case".responsible_unit_id),
    handling_administration_id = (SELECT administration_id FROM unit WHERE unit.id = "case".handling_unit_id),
    sender_person_id = (SELECT person_id FROM party WHERE party.id = "case".party_id)""",
    """UPDATE "case" SET secrecy = 'topic'
    WHERE category_id IN (SELECT id FROM category WHERE secrecy_default)""",
    """UPDATE "case" SET secrecy = 'marked' WHERE secrecy_level IS NOT NULL""",
)
FILL_MESSAGE = """UPDATE message SET board_id =
    (SELECT responsible_board_id FROM "case" WHERE "case".id = message.case_id)"""
SECRECY = sa.Enum("topic", "marked", name="secrecy", native_enum=False, length=40)
GROUNDS = ("no_secrecy", "consent", "provision")
STATUS = ("received", "in_progress", "awaiting_citizen", "answered", "closed")


def upgrade() -> None:
    """Forward."""
    op.add_column("board", _flag("social_services"))
    op.add_column("unit", sa.Column("branch", sa.Text(), nullable=False, server_default=""))
    op.add_column("category", sa.Column("secrecy_provision", sa.Text(), nullable=True))
    _case()
    _message()
    _handover()
    _bar()


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())


def _reference(batch: object, table: str, column: str, to: str) -> None:
    name = op.f(f"fk_{table}_{column}")
    batch.create_foreign_key(name, to, [column], ["id"])  # type: ignore[attr-defined]


def _case() -> None:
    with op.batch_alter_table("case") as batch:
        for column, to, _optional in CASE:
            batch.add_column(sa.Column(column, sa.Integer(), nullable=True))
            _reference(batch, "case", column, to)
        batch.add_column(sa.Column("secrecy", SECRECY, nullable=True))
        batch.add_column(sa.Column("secrecy_lift_by_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("secrecy_marked_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("secrecy_board_id", sa.Integer(), nullable=True))
        _reference(batch, "case", "secrecy_lift_by_id", "membership")
        _reference(batch, "case", "secrecy_board_id", "board")
    for statement in FILL_CASE:
        op.execute(statement)
    with op.batch_alter_table("case") as batch:
        for column, _to, optional in CASE:
            batch.alter_column(column, existing_type=sa.Integer(), nullable=optional)
        batch.drop_column("secrecy_level")
    for column in [name for name, _to, _optional in CASE] + ["secrecy"]:
        op.create_index(op.f(f"ix_case_{column}"), "case", [column])


def _message() -> None:
    with op.batch_alter_table("message") as batch:
        for column in ("board_id", "kept_by_board_id", "secrecy_board_id"):
            batch.add_column(sa.Column(column, sa.Integer(), nullable=True))
            _reference(batch, "message", column, "board")
        batch.add_column(sa.Column("secrecy_provision", sa.Text(), nullable=True))
        batch.add_column(sa.Column("secrecy_marked_on", sa.Date(), nullable=True))
    op.execute(FILL_MESSAGE)
    with op.batch_alter_table("message") as batch:
        batch.alter_column("board_id", existing_type=sa.Integer(), nullable=False)


def _handover() -> None:
    references = {
        "case_id": "case",
        "from_board_id": "board",
        "to_board_id": "board",
        "from_unit_id": "unit",
        "to_unit_id": "unit",
        "last_message_id": "message",
    }
    grounds = sa.Enum(
        "no_secrecy", "consent", "provision", name="handoverground", native_enum=False, length=40
    )
    op.create_table(
        "case_handover",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in references),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ground", grounds, nullable=False),
        sa.Column("provision", sa.Text(), nullable=True),
        sa.Column("last_sequence", sa.Integer(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("status", sa.Enum(*STATUS, name="status", native_enum=False, length=40), nullable=False),
        sa.Column("secrecy", SECRECY, nullable=True),
        sa.Column("secrecy_provision", sa.Text(), nullable=True),
        sa.Column("public_subject", sa.Text(), nullable=False),
        sa.Column("internal_subject", sa.Text(), nullable=False),
        sa.Column("hide_sender", sa.Boolean(), nullable=False),
        *(_key("case_handover", name, to) for name, to in references.items()),
        _key("case_handover", "category_id", "category"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_handover")),
    )
    for column in ("case_id", "from_board_id", "to_board_id"):
        op.create_index(op.f(f"ix_case_handover_{column}"), "case_handover", [column])


def _bar() -> None:
    op.create_table(
        "case_bar",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind", sa.Enum("own", "concerned", name="barkind", native_enum=False, length=40), nullable=False
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("marked_by_id", sa.Integer(), nullable=True),
        _key("case_bar", "case_id", "case"),
        _key("case_bar", "person_id", "person"),
        _key("case_bar", "marked_by_id", "membership"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_bar")),
        sa.UniqueConstraint("case_id", "person_id", name=op.f("uq_case_bar_case_id_person_id")),
    )
    op.create_index(op.f("ix_case_bar_person_id"), "case_bar", ["person_id"])


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))
