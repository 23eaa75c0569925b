"""The forms of the public pages."""

from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation

from portal.cases.enums import Kind, NotifyBy, ReplyBy
from portal.cases.intake.submission import NewCase
from portal.files.enums import Sender
from portal.formats.phone_numbers import parse_mobile
from portal.identity.oidc.identified import Organisation
from portal.organisation import queries as organisation
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l
from portal.translation import page_language
from portal.web.attachments.forms import FilesField, FilesForm, files_field
from portal.web.forms import (
    TEXT_CHECKS,
    Form,
    KnownChoice,
    MaxLength,
    PrintableText,
    Required,
    body_field,
    one_line,
    usable_submission_token,
)
from portal.web.number_checks import NoIdentityNumber
from portal.web.public.on_behalf_forms import FIELDS, ForWhomForm, for_whom_field, optional_line
from portal.web.support import address_fields
from portal.web.support.address_fields import EmailAddress, email_line, normalized_email
from portal.web.support.locations import location_forms
from portal.web.support.locations.location_forms import device_field, place_field
from portal.words.kinds import KINDS
from portal.words.labels import REPLY_BY
from portal.words.profile_texts import profile_texts


def _topic(key: str, name: str) -> SelectChoice:
    text, language = profile_texts(name)
    return SelectChoice(key, text, render_kw={"lang": language} if language else None)


class SendForm(FilesForm, ForWhomForm):
    """A new case."""

    category = SelectField(
        validate_choice=False, validators=[KnownChoice(_l("Välj ett ämne i listan, eller Vet inte"))]
    )
    subject = StringField(
        filters=[one_line],
        validators=[
            Required(_l("Skriv en rubrik. Några ord räcker.")),
            PrintableText(),
            MaxLength(200),
            NoIdentityNumber(),
        ],
    )
    body = body_field("")
    attachments = files_field()
    # Drawn for fault reports alone.
    place = place_field()
    latitude = device_field()
    longitude = device_field()
    accuracy = device_field()
    # Drawn for praise alone.
    no_answer = BooleanField(_l("Jag behöver inget svar"))
    for_whom = for_whom_field()
    organisation = optional_line()
    organisation_number = optional_line()
    child = optional_line()
    helped = optional_line()
    reply_by = RadioField(validate_choice=False, validators=[KnownChoice(_l("Välj hur du vill få svaret"))])
    email = StringField(filters=[email_line])
    phone = StringField(filters=[one_line])
    # Drawn for people who are signed in, under the choice of Mina sidor.
    notify_by = address_fields.notify_field()
    notify_email = address_fields.email_field()
    notify_phone = address_fields.phone_field()
    name = StringField(filters=[one_line])
    # A honeypot for bots, hidden from people and screen readers.
    website = StringField(filters=[one_line])
    submission = HiddenField()

    def __init__(
        self,
        kind: Kind,
        sms: bool,
        vouched: Organisation | None = None,
        signed_in: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(vouched, **kwargs)
        if kind is not Kind.FAULT_REPORT:
            for name in location_forms.FIELDS:
                del self[name]
        # What its label asks for, of the kind.
        self.body.validators = [Required(KINDS[kind].body_missing), *TEXT_CHECKS]
        self.signed_in = signed_in
        address_fields.offer_ways(self.notify_by, sms)
        offered = dict(REPLY_BY)
        if not sms:
            del offered[ReplyBy.SMS]
        # What is chosen already comes first.
        ways = sorted(offered, key=lambda way: way is not ReplyBy.PORTAL) if signed_in else list(offered)
        self.reply_by.choices = [SelectChoice(way.value, offered[way]) for way in ways]
        topics = [_topic(key, name) for key, name in organisation.topics()]
        self.category.choices = [SelectChoice("", _l("Vet inte")), *topics]
        self.submission.data = usable_submission_token(self.submission.data)

    def sender(self) -> Sender:
        """An anonymous sender unless an address, or a sign-in, says who it is."""
        return Sender.ANONYMOUS if self.reply_by.data == ReplyBy.CODE else Sender.KNOWN

    def stage_as(self) -> Sender:
        """Known, until the form is sent: the choice may still change."""
        return Sender.KNOWN

    def validate_email(self, field: StringField) -> None:
        if self.reply_by.data == ReplyBy.EMAIL:
            PrintableText()(self, field)
            address_fields.require_email(self, field)

    def validate_phone(self, field: StringField) -> None:
        if self.reply_by.data == ReplyBy.SMS:
            instead = _("Välj e-post eller kvittokod i stället.")
            address_fields.require_phone(self, field, instead=instead)

    def validate_notify_by(self, field: RadioField) -> None:
        # Of a stranger it is asked once they have signed in: they may have chosen before.
        if self.reply_by.data == ReplyBy.PORTAL and self.signed_in:
            address_fields.require_way(self, field)

    def validate_notify_email(self, field: StringField) -> None:
        if self._notified_by() is NotifyBy.EMAIL:
            address_fields.require_email(self, field)

    def validate_notify_phone(self, field: StringField) -> None:
        if self._notified_by() is NotifyBy.SMS:
            address_fields.require_phone(self, field)

    def _notified_by(self) -> NotifyBy:
        """The way of messages to a sender who reads on Mina sidor; NONE for every other."""
        if self.reply_by.data != ReplyBy.PORTAL or not self.signed_in:
            return NotifyBy.NONE
        return NotifyBy(self.notify_by.data) if self.notify_by.data in set(NotifyBy) else NotifyBy.NONE

    def validate_name(self, field: StringField) -> None:
        # With a code the sender is anonymous and any name is dropped, see new_case().
        if self.reply_by.data != ReplyBy.CODE:
            PrintableText()(self, field)
            MaxLength(200)(self, field)

    def validate_website(self, field: StringField) -> None:
        if field.data:
            # Emptied, so that a person whose browser filled it in gets through at the next attempt.
            field.data = ""
            raise StopValidation(_("Ett dolt fält var ifyllt. Vi har tömt det. Skicka igen."))

    def new_case(self, kind: Kind) -> NewCase:
        """The valid form as input to `submit`. With ReplyBy.CODE it holds no name or address."""
        reply_by = ReplyBy(self.reply_by.data)
        email, phone = self._addresses(reply_by)
        return NewCase(
            submission=self.submission.data or "",
            kind=kind,
            category=self.category.data or None,
            subject=self.subject.data or "",
            body=self.body.data or "",
            reply_by=reply_by,
            name=(self.name.data or None) if reply_by is not ReplyBy.CODE else None,
            email=email,
            language=page_language(),
            phone=phone,
            notify_by=self._notified_by(),
            for_whom=self.represented(),
            answer_wanted=not (kind is Kind.PRAISE and self.no_answer.data),
            location=location_forms.location(self) if "place" in self else None,
        )

    def _addresses(self, reply_by: ReplyBy) -> tuple[str | None, str | None]:
        """The e-mail address or the telephone number of the way that was chosen."""
        way = self._notified_by()
        if reply_by is ReplyBy.EMAIL or way is NotifyBy.EMAIL:
            field = self.email if reply_by is ReplyBy.EMAIL else self.notify_email
            return normalized_email(field.data or ""), None
        if reply_by is ReplyBy.SMS or way is NotifyBy.SMS:
            field = self.phone if reply_by is ReplyBy.SMS else self.notify_phone
            return None, parse_mobile(field.data or "")
        return None, None

    def draft(self) -> dict[str, str]:
        """The field values to store while the sender signs in, by field name."""
        ways = ("reply_by", "email", "phone", "notify_by", "notify_email", "notify_phone")
        names = ("category", "subject", "body", *ways, "name", "submission", *FIELDS)
        places = [name for name in location_forms.FIELDS if name in self]
        values = {name: self[name].data or "" for name in (*names, *places)}
        others = {"no_answer": "1" if self.no_answer.data else "", "attachments": self.field.kept()}
        return values | others


class UploadForm(FilesForm):
    """One file that a script uploads before its form is sent; or the handle of one to remove."""

    attachments = files_field()

    def validate_attachments(self, field: FilesField) -> None:
        # What its name asks about is answered in the form that it is for.
        pass


class OpenForm(Form):
    """Number and code as hidden fields, so that a button on the receipt opens the case."""

    number = HiddenField()
    code = HiddenField()


class NewCodeForm(Form):
    """A request for a link that replaces a lost code."""

    number = StringField(filters=[one_line], validators=[Required(_l("Skriv ditt ärendenummer"))])
    email = StringField(
        filters=[email_line], validators=[Required(_l("Skriv din e-postadress")), EmailAddress()]
    )
