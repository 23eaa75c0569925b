"""Steps that many web tests share: filling the form in, reading the receipt, seeing what is stored."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
import time_machine

from portal import db
from portal.identity.actors import Staff
from portal.operations import migrations
from tests.page import Document, Page

SignIn = Callable[[Staff], Page]
Travel = time_machine.Traveller
COMPLAINT = "/lamna/klagomal"
WRITTEN = {"subject": "Lekplatsen är stängd", "body": "Ingen skylt säger varför.", "reply_by": "code"}
# Of a person who is signed in: a stranger signs in first.
ON_PORTAL = WRITTEN | {"reply_by": "portal", "notify_by": "none"}
MAILED = WRITTEN | {"reply_by": "email", "email": "maja@exempel.se", "name": "Maja Ek"}


def send(page: Page, changes: dict[str, Any] | None = None, kind: str = COMPLAINT) -> Document:
    """Fill the form in, send it and read the receipt."""
    return page.follow(page.submit(page.get(kind), "main form", changes=WRITTEN | (changes or {})))


def refused(page: Page, changes: dict[str, Any], **options: Any) -> Document:
    """Fill the form in with something wrong."""
    form = page.get(COMPLAINT)
    return page.submit(form, "main form", changes=WRITTEN | changes, status=422, **options)


def code_of(receipt: Document) -> str:
    """The code that a page shows."""
    return str(receipt.find("[data-code]")["data-code"])


def number_of(receipt: Document) -> str:
    """The number that a page shows."""
    return receipt.find(".receipt .number").get_text(strip=True)


def kept(document: Document, field: str) -> str:
    """What stands in a field, as a browser reads it."""
    found = document.find(f"#{field}")
    text = found.get_text() if found.name == "textarea" else str(found.get("value", ""))
    return text.replace("\r\n", "\n").removeprefix("\n" if found.name == "textarea" else "")


def chosen(document: Document, field: str) -> str:
    """What stands in a field or is chosen in it."""
    option = document.find(f"#{field}").find("option", selected=True)
    return str(option["value"]) if option else kept(document, field)


def given_back(document: Document) -> list[str]:
    """Every text of one's own that the page of whoever came second has, in the order of its form."""
    written = document.all("textarea[id^=mine-], input[id^=mine-]")
    return [kept(document, str(tag["id"])) for tag in written]


def token(page: Page, at: str = "/folj") -> str:
    """A form's token that holds in this browser."""
    return str(page.get(at).find("[name=csrf_token]")["value"])


def open_case(page: Page, number: str, code: str, status: int = 303) -> Document:
    """Type number and code at /folj."""
    form = page.get("/folj")
    return page.submit(form, "main form", changes={"number": number, "code": code}, status=status)


def opened(page: Page, changes: dict[str, Any] | None = None) -> Document:
    """Send something in, and open it by its code in the same browser."""
    receipt = send(page, changes)
    return page.follow(open_case(page, number_of(receipt), code_of(receipt)))


def latest(page: Page) -> Document:
    """The page of the case that this browser opened last by its code."""
    return page.follow(page.get("/folj/arende", 303))


def latest_receipt(page: Page) -> Document:
    """The receipt of the case that this browser sent last."""
    return page.follow(page.get("/kvitto", 303))


def case_address(number: str, action: str = "") -> str:
    """Where a case stands in the back office."""
    return f"/handlaggning/arenden/{number}{action}"


def act(page: Page, number: str, action: str, **options: Any) -> Document:
    """Open a case in the back office and use one of its forms."""
    shown = page.get(case_address(number))
    return page.submit(shown, f"form[action$='/{action}']", **options)


def stored() -> dict[str, list[tuple[Any, ...]]]:
    """All that the database holds, table by table, as it is written there."""
    db.close_read_session()
    with db.engine().connect() as connection:
        names = list(migrations.metadata().tables)
        return {name: _rows(connection, name) for name in names}


def _rows(connection: sa.Connection, name: str) -> list[tuple[Any, ...]]:
    found = connection.exec_driver_sql(f'SELECT * FROM "{name}"')
    return sorted((tuple(row) for row in found), key=repr)


def count(table: str) -> int:
    """How many rows a table holds."""
    return len(stored()[table])


def everything() -> str:
    """All that the database holds, as one text to search in."""
    return repr(stored())
