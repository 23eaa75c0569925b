"""The form by which staff register a case for its sender."""

from typing import Any, NamedTuple

from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation

from portal.cases.access import HANDLERS, READERS
from portal.cases.enums import Channel, Kind, ReplyBy
from portal.cases.intake.submission import NewCase
from portal.cases.registration.commands import broken_promise
from portal.config import settings
from portal.files.enums import Sender
from portal.formats.phone_numbers import parse_mobile
from portal.formats.subjects import first_words
from portal.identity.actors import Staff
from portal.organisation import queries as organisation
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l
from portal.web.attachments.forms import FilesForm, files_field
from portal.web.backoffice.registration.arrival_forms import ArrivalForm
from portal.web.forms import (
    TEXT_CHECKS,
    KnownChoice,
    MaxLength,
    PrintableText,
    body_field,
    many_lines,
    one_line,
    usable_submission_token,
)
from portal.web.languages import NAMES
from portal.web.number_checks import NoIdentityNumber
from portal.web.support import address_fields
from portal.web.support.address_fields import email_line, normalized_email
from portal.web.support.locations import location_forms
from portal.words import dates
from portal.words.kinds import KINDS
from portal.words.labels import CHANNEL, ROSA

# What comes in past the web, the most usual first.
CHANNELS = (Channel.PHONE, Channel.DESK, Channel.LETTER, Channel.MAILBOX, Channel.SOCIAL_MEDIA)
REPLIES = {
    ReplyBy.CODE: _l("Anonym, läser svaret med koden"),
    ReplyBy.EMAIL: _l("E-post"),
    ReplyBy.SMS: _l("Sms"),
}


class Question(NamedTuple):
    """A question before a case is registered; the form is sent again with its `key`."""

    key: str
    text: str


class RegisterForm(FilesForm, ArrivalForm):
    """A case that came in by telephone, at the desk, on paper or in another channel."""

    body = body_field(_l("Skriv vad det gäller"))
    attachments = files_field()
    kind = RadioField(
        validate_choice=False,
        validators=[KnownChoice(_l("Kommunen tar inte emot den typen. Välj en i listan."))],
    )
    category = SelectField(
        validate_choice=False,
        validators=[KnownChoice(_l("Ämnet finns inte längre. Välj ett annat i listan, eller Vet inte."))],
    )
    place = location_forms.place_field()
    channel = RadioField(validate_choice=False, validators=[KnownChoice(_l("Välj hur det kom in"))])
    reply_by = RadioField(
        validate_choice=False, validators=[KnownChoice(_l("Välj hur avsändaren vill få svaret"))]
    )
    email = StringField(filters=[email_line])
    phone = StringField(filters=[one_line])
    name = StringField(filters=[one_line], validators=[PrintableText(), MaxLength(200)])
    answer = TextAreaField(filters=[many_lines], validators=TEXT_CHECKS)
    subject = StringField(
        filters=[one_line], validators=[PrintableText(), MaxLength(200), NoIdentityNumber()]
    )
    language = SelectField(
        choices=[SelectChoice(code, name) for code, name in NAMES.items()],
        validate_choice=False,
        validators=[KnownChoice(_l("Välj ett språk i listan"))],
    )
    level = SelectField(validate_choice=False, validators=[KnownChoice(_l("Välj en nivå i listan"))])
    no_answer = BooleanField(_l("Avsändaren behöver inget svar på sitt beröm"))
    confirmed = HiddenField()
    submission = HiddenField()

    def __init__(self, actor: Staff, **kwargs: Any) -> None:
        defaults = {"kind": Kind.QUESTION, "channel": Channel.PHONE, "reply_by": ReplyBy.CODE}
        super().__init__(data={name: value.value for name, value in defaults.items()}, **kwargs)
        kinds = [kind for kind in Kind if kind in organisation.profile().kinds]
        self.kind.choices = [SelectChoice(kind.value, dates.capital(str(KINDS[kind].name))) for kind in kinds]
        topics = [SelectChoice(key, name) for key, name in organisation.topics()]
        self.category.choices = [SelectChoice("", _l("Vet inte")), *topics]
        self.channel.choices = [SelectChoice(channel.value, CHANNEL[channel]) for channel in CHANNELS]
        self._offer_replies()
        self._offer_judgements(actor)
        self.submission.data = usable_submission_token(self.submission.data)

    def sender(self) -> Sender:
        """Staff: what was handed in was scanned or saved by them."""
        return Sender.STAFF

    def _offer_replies(self) -> None:
        self.reply_by.choices = []
        for way, label in REPLIES.items():
            if way is not ReplyBy.SMS or settings().sms_gateway:
                self.reply_by.choices.append(SelectChoice(way.value, label))

    def _offer_judgements(self, actor: Staff) -> None:
        """Who handles no cases has solved none, and who reads none judges none."""
        levels = [SelectChoice(str(level), f"{level} {label}") for level, label in ROSA.items()]
        self.level.choices = [SelectChoice("", _l("Som ämnet föreslår")), *levels]
        if actor.role not in HANDLERS:
            del self.answer
        if actor.role not in READERS:
            del self.level

    def validate_email(self, field: StringField) -> None:
        if self.reply_by.data == ReplyBy.EMAIL:
            PrintableText()(self, field)
            address_fields.require_email(self, field, _("Skriv avsändarens e-postadress"))

    def validate_phone(self, field: StringField) -> None:
        if self.reply_by.data == ReplyBy.SMS:
            missing = _("Skriv avsändarens mobilnummer")
            address_fields.require_phone(self, field, missing, _("Välj e-post eller kod i stället."))

    def validate_subject(self, field: StringField) -> None:
        if not field.data and self.body.data and not first_words(self.body.data):
            raise StopValidation(_("Skriv en rubrik. Den får inte vara ett personnummer."))

    def questions(self) -> list[Question]:
        """What has not been confirmed yet."""
        questions = [question for question in (self._anonymous(), self._late()) if question]
        confirmed = (self.confirmed.data or "").split()
        return [question for question in questions if question.key not in confirmed]

    def confirm(self, questions: list[Question]) -> None:
        """Send the form again with these as confirmed."""
        keys = [*(self.confirmed.data or "").split(), *(question.key for question in questions)]
        self.confirmed.data = " ".join(dict.fromkeys(keys))

    def _anonymous(self) -> Question | None:
        written = any((self.name.data, self.email.data, self.phone.data))
        if self.reply_by.data != ReplyBy.CODE or not written:
            return None
        text = _(
            "Avsändaren vill vara anonym. Om du registrerar sparar vi varken namn eller adress. "
            "Välj E-post eller Sms om avsändaren vill ha svar dit."
        )
        return Question("anonym", text)

    def _late(self) -> Question | None:
        broken = None if self._wants_no_answer() else broken_promise(self.arrival_day())
        if broken is None:
            return None
        due = dates.weekday_date(broken.due)
        if broken.of_answer:
            text = _("Svaret skulle ha kommit senast %(due)s. Kontrollera dagen och registrera.", due=due)
        else:
            text = _("Vi skulle ha hört av oss senast %(due)s. Kontrollera dagen och registrera.", due=due)
        return Question(f"sent-{broken.due.isoformat()}", text)

    def _wants_no_answer(self) -> bool:
        return self.kind.data == Kind.PRAISE and bool(self.no_answer.data)

    def new_case(self) -> NewCase:
        """The valid form as input to `register`. Of an anonymous sender it holds no name or address."""
        reply_by = ReplyBy(self.reply_by.data)
        return NewCase(
            submission=self.submission.data or "",
            kind=Kind(self.kind.data),
            category=self.category.data or None,
            subject=self.subject.data or first_words(self.body.data or ""),
            body=self.body.data or "",
            reply_by=reply_by,
            name=(self.name.data or None) if reply_by is not ReplyBy.CODE else None,
            email=normalized_email(self.email.data or "") if reply_by is ReplyBy.EMAIL else None,
            phone=parse_mobile(self.phone.data or "") if reply_by is ReplyBy.SMS else None,
            language=self.language.data or "sv",
            answer_wanted=not self._wants_no_answer(),
            channel=Channel(self.channel.data),
            location=location_forms.location(self),
        )

    def arguments(self) -> dict[str, Any]:
        """What was said besides the case itself, by the parameters of `register`."""
        level = self.level.data if "level" in self else ""
        answer = self.answer.data if "answer" in self else ""
        return {"arrived": self.arrived(), "level": int(level) if level else None, "answer": answer or ""}

    def shows_more(self) -> bool:
        """Whether what is usually left alone was used, and is to be seen."""
        names = ("subject", "arrived_on", "arrived_at", "level", "no_answer")
        fields = [self[name] for name in names if name in self]
        is_swedish = self.language.data in (None, "", "sv")
        return not is_swedish or any(field.data or field.errors for field in fields)
