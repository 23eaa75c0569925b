"""What an actor may see, as SQL conditions: access.may_read() and access.may_read_message().

A statement with these conditions may be built once for all actors of a kind: with
`parametrised(kind_of(actor))` in place of the actor, to be executed with `scope_values(actor)`.
"""

from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, false, not_, or_, select, true

from portal.cases.access import Scope, is_system, scope
from portal.cases.enums import Direction
from portal.cases.models import Case, CaseBar, Kept, Message
from portal.identity.actors import Actor

IDS = ("unit", "board", "administration", "registry", "case", "sender", "person")


class ScopeKind(NamedTuple):
    """The part of a scope that decides the form of a statement: its flags, and which ids it has."""

    everything: bool
    secret: bool
    ids: tuple[str, ...]


def kind_of(actor: Actor) -> ScopeKind:
    """The kind of an actor's scope: of a few, as there are roles."""
    to = scope(actor)
    return ScopeKind(to.everything, to.secret, tuple(name for name in IDS if getattr(to, name) is not None))


def scope_values(actor: Actor) -> dict[str, int]:
    """The parameters of a statement that was built for the actor's kind."""
    to = scope(actor)
    values = {f"scope_{name}": getattr(to, name) for name in IDS}
    return {name: value for name, value in values.items() if value is not None}


@cache
def parametrised(kind: ScopeKind) -> Scope:
    """A scope of this kind with a parameter in place of each id."""
    ids: dict[str, Any] = {name: bindparam(f"scope_{name}", type_=Integer) for name in kind.ids}
    return Scope(everything=kind.everything, secret=kind.secret, **ids)


def _scope(of: Actor | Scope) -> Scope:
    return of if isinstance(of, Scope) else scope(of)


def visible_to(actor: Actor | Scope) -> ColumnElement[bool]:
    """The condition that an actor may see a case: access.may_read() as SQL."""
    to = _scope(actor)
    return and_(or_(false(), *ways_in(to)), *not_barred(to.person))


def ways_in(to: Scope) -> list[ColumnElement[bool]]:
    """The conditions of which a visible case has one, each on a column that has an index of its own.

    That the actor is not barred comes beside them.
    """
    if to.everything and to.secret:
        return [true()]
    wide = [and_(condition, _without_secrecy()) for condition in _wide(to)]
    return [*_own(to), *_close(to), *wide]


def _without_secrecy() -> ColumnElement[bool]:
    return Case.secrecy.is_(None)


def message_visible_to(actor: Actor | Scope) -> ColumnElement[bool]:
    """The condition on a message joined to its case: access.may_read_message() as SQL."""
    to = _scope(actor)
    if is_system(to):
        return true()
    if to.person is None:
        return and_(visible_to(to), Message.direction != Direction.INTERNAL)
    return and_(
        visible_to(to), not_kept(to, Message), or_(Message.secrecy_provision.is_(None), _is_close(to))
    )


def not_kept(to: Scope, row: type[Kept]) -> ColumnElement[bool]:
    """No other authority than that of the case has kept the text. A register is of all branches."""
    here = row.kept_by_board_id == Case.responsible_board_id
    if to.registry is None:
        here = and_(here, row.kept_by_branch == Case.responsible_branch)
    return or_(row.kept_by_board_id.is_(None), here)


def hidden_messages(actor: Actor | Scope) -> Select[int]:
    """Ids of the messages, joined to their cases, that are hidden from an actor who may see the case."""
    to = _scope(actor)
    query = select(Message.id).join(Case, Message.case_id == Case.id)
    if is_system(to):
        return query.where(false())
    if to.person is None:
        return query.where(Message.direction == Direction.INTERNAL)
    marked = Message.secrecy_provision.is_not(None)
    # As ix_message_restricted has it.
    query = query.where(or_(marked, Message.kept_by_board_id.is_not(None)))
    return query.where(or_(and_(marked, not_(_is_close(to))), not_(not_kept(to, Message))))


def _own(to: Scope) -> list[ColumnElement[bool]]:
    conditions = []
    if to.case is not None:
        conditions.append(Case.id == to.case)
    if to.sender is not None:
        conditions.append(Case.sender_person_id == to.sender)
    return [and_(Case.reader_contested_at.is_(None), condition) for condition in conditions]


def not_barred(person: int | None) -> list[ColumnElement[bool]]:
    """The conditions that a person is neither the sender of a case nor barred from it."""
    if person is None:
        return []
    # Read once for a statement, and not once for each case.
    barred = select(CaseBar.case_id).where(CaseBar.person_id == person)
    return [Case.sender_person_id.is_distinct_from(person), Case.id.not_in(barred)]


def _is_close(to: Scope) -> ColumnElement[bool]:
    return true() if to.everything and to.secret else or_(false(), *_close(to))


def _close(to: Scope) -> list[ColumnElement[bool]]:
    """A unit of the case, or the registry of its authority: these reach what has secrecy."""
    conditions = []
    if to.unit is not None:
        conditions += [Case.handling_unit_id == to.unit, Case.responsible_unit_id == to.unit]
    if to.registry is not None:
        conditions.append(Case.responsible_board_id == to.registry)
    return conditions


def _wide(to: Scope) -> list[ColumnElement[bool]]:
    if to.everything:
        return [true()]
    conditions = []
    if to.board is not None:
        conditions += [Case.handling_board_id == to.board, Case.responsible_board_id == to.board]
    if to.administration is not None:
        conditions.append(Case.handling_administration_id == to.administration)
        conditions.append(Case.responsible_administration_id == to.administration)
    return conditions
