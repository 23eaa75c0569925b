"""Builders: what a test needs to have happened before it begins. Each is a transaction of its own."""

import secrets
from typing import Any

from portal import db
from portal.cases import queries
from portal.cases.models import Case
from portal.cases.submission import NewCase, Receipt, submit
from portal.cases.terms import Kind, ReplyBy
from portal.identity import commands as identity
from portal.identity import queries as people
from portal.identity.actors import Role, Staff, System
from portal.organisation import queries as organisation

# Official test personnummer (Skatteverket, CC0), one for each of Testlegitimering's staff.
NUMBERS = {"anna": "198704202392", "samir": "197907262385", "eva": "198501252392"}


def new_case(**given: Any) -> NewCase:
    """Something to send in."""
    usual: dict[str, Any] = {
        "submission": secrets.token_urlsafe(16),
        "kind": Kind.COMPLAINT,
        "category": "parker",
        "subject": "Lekplatsen är stängd",
        "body": "Ingen skylt säger varför.",
        "reply_by": ReplyBy.CODE,
    }
    if "email" in given:
        usual["reply_by"] = ReplyBy.EMAIL
    return NewCase(**usual | given)


def send_in(**given: Any) -> Receipt:
    """Somebody has sent something in."""
    with db.transaction():
        return submit(new_case(**given))


def member(name: str = "anna", role: Role = Role.OFFICER, unit: str | None = "park") -> Staff:
    """Somebody has a role, for a unit or (None) for all."""
    with db.transaction():
        found = organisation.unit(unit) if unit else None
        scope = identity.Scope(unit=found.id if found else None)
        return people.as_staff(identity.add_member(name.capitalize(), NUMBERS[name], role, scope))


def case(receipt: Receipt) -> Case:
    """The case of a receipt as it is in the database now, whoever may see it."""
    db.release()
    found = queries.case_by_id(System(), receipt.case)
    assert found
    return found


def number(receipt: Receipt) -> str:
    """KB-2026-000001."""
    return f"KB-{receipt.year}-{receipt.number:06d}"
