"""How a sender is notified: which way a choice names, and to which address it leads."""

import pytest

from portal.cases.enums import NotifyBy, ReplyBy

EMAIL, PHONE = "maja@exempel.se", "+46701740605"


def test_where_one_reads_names_the_way_of_messages_only_if_it_is_one() -> None:
    ways = {way: NotifyBy.for_reply(way) for way in ReplyBy}
    assert ways == {
        ReplyBy.CODE: NotifyBy.NONE,
        ReplyBy.EMAIL: NotifyBy.EMAIL,
        ReplyBy.SMS: NotifyBy.SMS,
        ReplyBy.PORTAL: NotifyBy.NONE,
    }


@pytest.mark.parametrize(
    ("way", "email", "phone", "address"),
    [
        (NotifyBy.EMAIL, EMAIL, PHONE, EMAIL),
        (NotifyBy.EMAIL, None, PHONE, None),
        # As after the loss of the keys.
        (NotifyBy.EMAIL, "", None, None),
        (NotifyBy.SMS, EMAIL, PHONE, PHONE),
        (NotifyBy.SMS, EMAIL, None, None),
        (NotifyBy.NONE, EMAIL, PHONE, None),
    ],
)
def test_messages_go_to_the_address_of_the_way_or_nowhere(
    way: NotifyBy, email: str | None, phone: str | None, address: str | None
) -> None:
    assert way.address(email, phone) == address
