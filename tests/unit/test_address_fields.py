"""E-mail addresses and mobile numbers: what is forgiven, and what is wrong with the rest."""

from typing import Any

import pytest
from flask import Flask
from flask_babel import Babel
from werkzeug.datastructures import MultiDict
from wtforms import StringField
from wtforms.form import BaseForm

from portal import config
from portal.web.support import address_fields


@pytest.fixture(autouse=True)
def speaking() -> Any:
    """The validators have texts, so they need a language, and the countries of the profile."""
    config.use(config.load(env="development"))
    app = Flask(__name__)
    Babel(app, default_locale="sv")
    with app.test_request_context():
        yield


def validated(validator: Any, written: str) -> tuple[str | None, list[str]]:
    form = BaseForm({"field": StringField(filters=[address_fields.email_line], validators=[validator])})
    form.process(MultiDict({"field": written}))
    form.validate()
    return form["field"].data, [str(error) for error in form["field"].errors]


@pytest.mark.parametrize(
    "written",
    [
        "maja@exempel.se",
        " maja@exempel.se\n",
        "maja@exempel.se,",
        "maja@exempel.se.",
        "<maja@exempel.se>",
        "Maja Svensson <maja@exempel.se>",
        "mailto:maja@exempel.se",
        "\ufeffmaja@exempel.se\u200b",
        "maja@\u00adexempel.se",
        "maja@\u2060exempel.se",
        "\u202amaja@exempel.se\u202c",
        "”maja@exempel.se”",
        "ｍａｊａ＠ｅｘｅｍｐｅｌ．ｓｅ",
        "maja@exempel.se\u2028",
        "maja@exempel.se\ufe0f",
    ],
)
def test_what_is_copied_along_with_an_address_is_forgiven(written: str) -> None:
    assert validated(address_fields.EmailAddress(), written) == ("maja@exempel.se", [])


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("Maja@EXEMPEL.se", "Maja@exempel.se"),
        ("maja+kommun@räksmörgås.se", "maja+kommun@räksmörgås.se"),
        ("maja-karin@exempel.se", "maja-karin@exempel.se"),
        ("maja\u2011karin@exempel.se", "maja-karin@exempel.se"),
    ],
)
def test_an_address_is_put_in_its_normal_form(written: str, normal: str) -> None:
    assert validated(address_fields.EmailAddress(), written) == (normal, [])
    assert address_fields.normalized_email(normal) == normal


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("maja", "saknar @"),
        ("@exempel.se", "före @"),
        ("maja@", "efter @"),
        ("maja@exempel", "saknas en punkt"),
        ("a@b@c.se", "mer än ett @"),
        ("åsa@exempel.se", "å går inte att ha före @"),
        ("ma ja@exempel.se", "mellanslag"),
        ("maja@exempel. se", "mellanslag"),
        ("maja@exempel,se", "komma"),
        ("maja@exempel..se", "två punkter"),
        ("m" * 65 + "@exempel.se", "Skriv hela adressen"),
        ("maja@exempel.se" * 20, "tecken för lång"),
        ("a" * 20_000 + "@exempel.se", "tecken för lång"),
    ],
)
def test_the_message_says_what_is_wrong_with_an_address(written: str, problem: str) -> None:
    _data, errors = validated(address_fields.EmailAddress(), written)
    assert len(errors) == 1
    assert problem in errors[0]


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("ring mig", "med bara siffror"),
        ("070-174 06 0x", "med bara siffror"),
        ("070-174 06", "för kort"),
        ("", "för kort"),
        ("070-174 06 05 12", "för långt"),
        ("08-701 74 06", "inget mobilnummer"),
        ("+4580102030", "utländska"),
    ],
)
def test_the_message_says_what_is_wrong_with_a_number(written: str, problem: str) -> None:
    _data, errors = validated(address_fields.MobilePhone("Välj e-post."), written)
    assert len(errors) == 1
    assert problem in errors[0]


@pytest.mark.parametrize(
    "written",
    [
        "070-174 06 12",
        "070\u2212174\u201106\u201312",
        "\u202a+46 70 174 06 12\u202c",
        "+46 (0)70-174 06 12",
        "070/174 06 12",
        "０７０－１７４０６１２",
        "070.174.06.12\u200b",
        "0046701740612",
    ],
)
def test_a_number_in_any_notation_is_a_number(written: str) -> None:
    assert validated(address_fields.MobilePhone("Välj e-post."), written)[1] == []
