"""What the public pages ask of the database: none of it grows with the cases."""

from tests import statements
from tests.page import Document, Page
from tests.web import steps

# With the index of words, which is written after the case has been stored.
INDEX = 10


def test_the_start_page_asks_once_for_what_is_published(page: Page) -> None:
    with statements.counted() as found:
        page.get("/")
    assert len(found) == 1


def test_the_form_asks_for_the_topics_alone(page: Page) -> None:
    with statements.counted() as found:
        page.get("/lamna/klagomal")
    assert len(found) == 1


def test_a_case_is_sent_in_by_few_statements(page: Page) -> None:
    form = page.get("/lamna/klagomal")
    with statements.counted() as found:
        sent = page.submit(form, changes=steps.WRITTEN)
    assert len(found) <= 16 + INDEX
    assert receipt_cost(page, sent) == 1


def receipt_cost(page: Page, sent: Document) -> int:
    """How often the receipt asks the database."""
    with statements.counted() as found:
        page.follow(sent)
    return len(found)
