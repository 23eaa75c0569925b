"""The form that corrects what a case is registered as."""

from collections.abc import Hashable, Mapping
from typing import Any, Self

from markupsafe import Markup
from wtforms import BooleanField, Field, SelectField
from wtforms.fields.choices import SelectChoice

from portal.cases.actions.subjects import Classification, classification_of
from portal.cases.enums import Kind
from portal.cases.models import Case
from portal.identity.actors import Staff
from portal.organisation import queries as organisation
from portal.translation import lazy_gettext as _l
from portal.web.backoffice.action_forms import FIRST_TEXT, SECOND_TEXT, no_options, option_slot
from portal.web.backoffice.secrecy_forms import SubjectForm
from portal.web.forms import KnownChoice
from portal.words import dates
from portal.words.kinds import KINDS
from portal.words.labels import ROSA

NO_KIND = _l("Kommunen tar inte emot den typen. Välj en i listan.")


class ReclassifyForm(SubjectForm):
    """Kind, topic, level and subjects; `asks` for confirmation if the actor would lose the case."""

    question = _l("Ämnet har sekretess, så du kan inte se ärendet sedan. Bekräfta att du vill rätta det.")
    kind = SelectField(_l("Typ"), validate_choice=False, validators=[KnownChoice(NO_KIND)])
    topic = SelectField(
        _l("Ämne"), validate_choice=False, validators=[KnownChoice(_l("Välj ett ämne i listan"))]
    )
    level = SelectField(
        _l("ROSA-nivå"),
        description=_l("Om du byter ämne och lämnar nivån som den är får ärendet ämnets nivå."),
        validate_choice=False,
        validators=[KnownChoice(_l("Välj en nivå i listan"))],
    )
    confirmed = BooleanField(_l("Ja, rätta ärendet"))

    def __init__(self, case: Case, topics: list[SelectChoice], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.case = case
        self.asks = bool(self.confirmed.data)
        # A kind that the profile has dropped stays until it is corrected.
        kinds = [kind for kind in Kind if kind in {*organisation.profile().kinds, case.kind}]
        self.kind.choices = [SelectChoice(kind.value, dates.capital(str(KINDS[kind].name))) for kind in kinds]
        self.topic.choices = topics
        self.level.choices = [SelectChoice("", _l("Inte bedömd"))]
        for level, label in ROSA.items():
            self.level.choices.append(SelectChoice(str(level), f"{level} {label}"))

    @classmethod
    def for_case(cls, _actor: Staff, case: Case, /, **kwargs: Any) -> Self:
        """With what the case is registered as now."""
        return cls(case, _topics(case), **_fields(case) | kwargs)

    @classmethod
    def drawn_from(cls, _actor: Staff, case: Case, /) -> Hashable:
        """The kinds and levels, and those of the case, which are not slots."""
        return organisation.profile().kinds, case.kind, case.level

    @classmethod
    def blank(cls, _actor: Staff, case: Case, /, **kwargs: Any) -> Self:
        """With placeholders for the subjects and the topics."""
        own = {"kind": case.kind.value, "level": str(case.level or "")}
        return cls(case, no_options(), **own | _placeholders() | kwargs)

    @classmethod
    def slots(cls, actor: Staff, case: Case, /) -> Mapping[str, Markup]:
        """The current subjects, and the topics."""
        return {**super().slots(actor, case), **option_slot(_topics(case), _topic_key(case))}

    def visible(self) -> list[Field]:
        """In the order of what is most often wrong."""
        return [self.kind, self.topic, self.level, self.public_subject, self.internal_subject]

    def arguments(self) -> dict[str, Any]:
        """With what was chosen as `classification`."""
        to = Classification(
            kind=Kind(self.kind.data) if self.kind.data else self.case.kind,
            topic=self.topic.data or None,
            level=int(self.level.data) if self.level.data else None,
            public_subject=str(self.public_subject.data),
            internal_subject=str(self.internal_subject.data),
        )
        return {"classification": to, "confirmed": bool(self.confirmed.data), "version": self.seen()}


def _placeholders() -> dict[str, str]:
    return {"public_subject": FIRST_TEXT, "internal_subject": SECOND_TEXT}


def _fields(case: Case) -> dict[str, str]:
    now = classification_of(case)
    return {
        "kind": now.kind.value,
        "topic": now.topic or "",
        "level": str(now.level or ""),
        "public_subject": now.public_subject,
        "internal_subject": now.internal_subject,
    }


def _topic_key(case: Case) -> str:
    return case.category.key if case.category else ""


def _topics(case: Case) -> list[SelectChoice]:
    """The open topics, and that of the case if it has been closed."""
    topics = [(topic.key, topic.name) for topic in organisation.open_topics()]
    if case.category and case.category.closed_at:
        topics.append((case.category.key, case.category.name))
    return [SelectChoice("", _l("Utan ämne")), *(SelectChoice(key, name) for key, name in topics)]
