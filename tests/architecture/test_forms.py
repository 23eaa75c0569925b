"""Every form of every page leads somewhere, and tells what is wrong when it is sent empty."""

from collections.abc import Iterator

from flask import Flask

from tests.architecture import routes
from tests.architecture.routes import Visitors
from tests.page import Document, Form, Page
from tests.page_checks import value
from tests.web import steps

# Where nothing has to be written.
OPTIONAL = "/mina-sidor/uppgifter"
WRITTEN = "input:not([type=hidden]), textarea"


def forms(app: Flask, page: Page) -> Iterator[tuple[Document, Form]]:
    """Every form that somebody meets, with its page."""
    for _rule, shown in routes.answers(app, page):
        if shown.html and not shown.location:
            yield from ((shown, Form(shown, tag)) for tag in shown.all("form"))


def test_every_page_is_well_made_and_every_form_leads_to_an_address_that_takes_it_with_a_token_of_its_own(
    app: Flask, visitors: Visitors
) -> None:
    places = app.url_map.bind("localhost")
    seen = set()
    tokens: dict[str, set[str]] = {name: set() for name in visitors}
    for name, visitor in visitors.items():
        for _shown, form in forms(app, visitor):
            path = form.action.removeprefix("http://localhost")
            seen.add(places.match(path, method=form.method)[0])
            assert form.button(None) is not None, form.action
            tokens[name] |= {value(tag, "value") for tag in form.tag.select("[name=csrf_token]")}
    assert {
        "public.send",
        "public.follow_open",
        "follow.reply",
        "backoffice.act",
        "sign_in.sign_out",
    } <= seen
    assert all(tokens.values())
    assert not tokens["stranger"] & tokens["staff"] & tokens["code_holder"]
    assert steps.count("case") == 1


def test_every_text_that_is_sent_empty_is_asked_for_at_its_field(app: Flask, visitors: Visitors) -> None:
    asked = 0
    places = app.url_map.bind("localhost")
    seen = set()
    for who, visitor in visitors.items():
        for shown, form in list(forms(app, visitor)):
            # A form that is on several pages is sent once.
            address = form.action.removeprefix("http://localhost").partition("?")[0]
            endpoint, parts = places.match(address, method=form.method)
            form_of = (who, endpoint, parts.get("action"), frozenset(form.names()))
            if form_of in seen:
                continue
            seen.add(form_of)
            texts = [value(tag, "name") for tag in form.controls(WRITTEN) if value(tag, "type") != "radio"]
            if texts and form.method == "POST" and not form.action.endswith(OPTIONAL):
                empty = dict.fromkeys(texts, "")
                answer = visitor.post(form.action, form.fields() | empty, 422)
                assert_led(answer, f"{shown.path} → {form.action}")
                asked += 1
    assert asked >= 8


def assert_led(answer: Document, where: str) -> None:
    """The summary stands first in the page, and each line of it leads to a field that says the same."""
    links = answer.all(".ds-error-summary a")
    assert links, where
    assert answer.find("main h1, main h2").find_parent(class_="ds-error-summary") is not None, where
    for link in links:
        field = answer.find(str(link["href"]))
        assert field.name in {"input", "select", "textarea"}, where
        assert value(field, "aria-invalid") == "true", where
        described = value(field, "aria-describedby").split()
        own = [answer.text_of(f"#{each}") for each in described if each.endswith("-error")]
        assert own == [link.get_text()] or field["type"] == "radio", where
