"""Saved views: whose they are, who may take them away, and what becomes of them when something is gone."""

import pytest
from flask import Flask

from portal import db
from portal.cases.queue import saved_filters
from portal.cases.queue.saved_filters import MAX_VIEWS, Full, TooMany
from portal.identity.actors import Role, Staff
from tests import factories

ADDRESS = {"vy": "due", "typ": "fraga", "amne": " parker "}
ASKED = {"typ": "fraga", "amne": "parker"}


def save(actor: Staff, name: str = "Lekplatser", shared: bool = False, **address: str) -> int:
    with db.transaction() as writer:
        view = saved_filters.save(actor, name, address or ADDRESS, shared)
        writer.flush()
        return view.id


def names(actor: Staff) -> list[str]:
    db.close_read_session()
    return [each.name for each in saved_filters.saved(actor)]


def remove(actor: Staff, view: int) -> bool:
    with db.transaction():
        return saved_filters.remove(actor, view)


def test_ones_own_is_for_oneself_and_a_shared_one_for_the_unit(inside: Flask) -> None:
    anna, samir, lars = (
        factories.member("anna"),
        factories.member("samir"),
        factories.member("eva", unit="gata"),
    )
    save(anna)
    save(anna, "Allas", shared=True)
    assert (names(anna), names(samir), names(lars)) == (["Allas", "Lekplatser"], ["Allas"], [])
    assert [each.parameters for each in saved_filters.saved(anna)] == [ASKED, ASKED]


def test_somebody_without_a_unit_has_nobody_to_share_with(inside: Flask) -> None:
    registrar, other = (
        factories.member("eva", Role.REGISTRAR, None),
        factories.member("samir", Role.REGISTRAR, None),
    )
    save(registrar, shared=True)
    assert (names(registrar), names(other)) == (["Lekplatser"], [])


def test_its_maker_and_the_head_of_the_unit_take_a_shared_one_away(inside: Flask) -> None:
    anna, samir = factories.member("anna"), factories.member("samir")
    head, elsewhere = (
        factories.member("eva", Role.HEAD_OF_UNIT),
        factories.member("samir", Role.HEAD_OF_UNIT, "gata"),
    )
    first, second, own = save(anna, shared=True), save(anna, "B", True, typ="berom"), save(anna, "C")
    for actor in (samir, elsewhere):
        assert [remove(actor, each) for each in (first, second, own)] == [False, False, False]
    assert remove(head, first)
    assert not remove(head, own)
    assert [remove(anna, each) for each in (first, second, own)] == [False, True, True]
    assert names(anna) == []


def test_a_second_click_makes_no_second_view(inside: Flask) -> None:
    anna = factories.member("anna")
    assert save(anna) == save(anna, "Parker")
    assert names(anna) == ["Parker"]
    assert save(anna, shared=True) != save(anna)


def test_there_is_an_end_to_how_many_there_can_be(inside: Flask) -> None:
    anna, samir = factories.member("anna"), factories.member("samir")
    for each in range(MAX_VIEWS):
        save(anna, fran=f"2026-05-{each + 1:02d}")
        save(samir if each % 2 else anna, shared=True, till=f"2026-05-{each + 1:02d}")
    for shared, limit in ((False, Full.OWN), (True, Full.UNIT)):
        with pytest.raises(TooMany) as refused:
            save(anna, shared=shared)
        assert refused.value.limit is limit
    save(samir)
    assert len(names(anna)) == 2 * MAX_VIEWS
