"""The forms that everybody meets."""

import re
import secrets
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation

from portal.cases.enums import Kind, ReplyBy
from portal.cases.intake.submission import NewCase
from portal.formats.phone_numbers import mobile
from portal.identity.oidc.identified import Organisation
from portal.organisation import queries as organisation
from portal.web.forms import (
    UNFIT_IN_LINE,
    AtMost,
    EmailAddress,
    Fit,
    Form,
    MobilePhone,
    Needed,
    OneOf,
    body_field,
    checked_email,
    one_line,
)
from portal.web.public.on_behalf_forms import FIELDS, ForWhomForm, choice, line
from portal.words.labels import REPLY_BY
from portal.words.profile_texts import profile_texts

SUBMISSION = re.compile(r"[A-Za-z0-9_-]{16,64}")


def new_submission() -> str:
    """128 random bits that make a second click the same case."""
    return secrets.token_urlsafe(16)


def _topic(key: str, name: str) -> SelectChoice:
    words, language = profile_texts(name)
    return SelectChoice(key, words, render_kw={"lang": language} if language else None)


class SendForm(ForWhomForm):
    """Sending something in."""

    category = SelectField(
        validate_choice=False, validators=[OneOf(_l("Välj ett ämne i listan, eller Vet inte"))]
    )
    subject = StringField(
        filters=[one_line],
        validators=[Needed(_l("Skriv en rubrik. Några ord räcker.")), Fit(UNFIT_IN_LINE), AtMost(200)],
    )
    body = body_field(_l("Skriv vad det gäller"))
    for_whom = choice()
    organisation = line()
    organisation_number = line()
    child = line()
    helped = line()
    reply_by = RadioField(validate_choice=False, validators=[OneOf(_l("Välj hur du vill få svaret"))])
    email = StringField(filters=[one_line])
    phone = StringField(filters=[one_line])
    name = StringField(filters=[one_line])
    website = StringField(filters=[one_line])
    submission = HiddenField()

    def __init__(self, sms: bool, vouched: Organisation | None = None, **kwargs: Any) -> None:
        super().__init__(vouched, **kwargs)
        ways = [way for way in REPLY_BY if sms or way is not ReplyBy.SMS]
        self.reply_by.choices = [SelectChoice(way.value, REPLY_BY[way]) for way in ways]
        topics = [_topic(each.key, each.name) for each in organisation.categories()]
        self.category.choices = [SelectChoice("", _l("Vet inte")), *topics]
        if not SUBMISSION.fullmatch(self.submission.data or ""):
            self.submission.data = new_submission()

    def validate_email(self, field: StringField) -> None:
        """Only where an answer by e-mail was chosen is an address asked for."""
        if self.reply_by.data == ReplyBy.EMAIL:
            Fit(UNFIT_IN_LINE)(self, field)
            Needed(_l("Skriv din e-postadress"))(self, field)
            AtMost(254)(self, field)
            EmailAddress()(self, field)

    def validate_phone(self, field: StringField) -> None:
        """Only where an answer by SMS was chosen is a number asked for."""
        if self.reply_by.data == ReplyBy.SMS:
            Needed(_l("Skriv ditt mobilnummer"))(self, field)
            MobilePhone()(self, field)

    def validate_name(self, field: StringField) -> None:
        """Somebody with only a code leaves no name, so none is looked at."""
        if self.reply_by.data != ReplyBy.CODE:
            Fit(UNFIT_IN_LINE)(self, field)
            AtMost(200)(self, field)

    def validate_website(self, field: StringField) -> None:
        """No person sees this field."""
        if field.data:
            field.data = ""
            raise StopValidation(_("Ett dolt fält var ifyllt. Vi har tömt det. Skicka igen."))

    def new_case(self, kind: Kind) -> NewCase:
        """What was written, as the command wants it. Somebody with only a code leaves no name or address."""
        way = ReplyBy(self.reply_by.data)
        return NewCase(
            submission=self.submission.data or "",
            kind=kind,
            category=self.category.data or None,
            subject=self.subject.data or "",
            body=self.body.data or "",
            reply_by=way,
            name=(self.name.data or None) if way is not ReplyBy.CODE else None,
            email=checked_email(self.email.data or "") if way is ReplyBy.EMAIL else None,
            language=str(get_locale()),
            phone=mobile(self.phone.data or "") if way is ReplyBy.SMS else None,
            for_whom=self.represented(),
        )

    def written(self) -> dict[str, str]:
        """What is kept while somebody signs in."""
        names = ("category", "subject", "body", "reply_by", "name", "email", "phone", "submission", *FIELDS)
        return {name: self[name].data or "" for name in names}


class OpenForm(Form):
    """The same two, carried by the receipt."""

    number = HiddenField()
    code = HiddenField()


class NewCodeForm(Form):
    """Asking for a link that replaces the code."""

    number = StringField(filters=[one_line], validators=[Needed(_l("Skriv ditt ärendenummer"))])
    email = StringField(filters=[one_line], validators=[Needed(_l("Skriv din e-postadress")), EmailAddress()])
