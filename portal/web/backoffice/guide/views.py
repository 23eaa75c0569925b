"""The officer's guide, and the page of the first day. All staff read them, without a membership too."""

import re
from collections.abc import Sequence

from babel.lists import format_list
from flask import render_template
from markupsafe import Markup, escape

from portal.cases.access import READERS
from portal.cases.enums import Kind
from portal.identity.actors import Staff
from portal.organisation import queries as organisation
from portal.organisation.sections import Promise
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l
from portal.translation import ngettext, page_language
from portal.web import current
from portal.web.backoffice import backoffice
from portal.web.backoffice.guide import tasks
from portal.web.backoffice.guide.contacts import contacts
from portal.words.dates import number_word

NAME = re.compile(r"\*([^*]+)\*")
SEVERAL = {
    Kind.QUESTION: _l("frågor"),
    Kind.COMPLAINT: _l("klagomål"),
    Kind.PRAISE: _l("beröm"),
    Kind.SUGGESTION: _l("förslag"),
    Kind.FAULT_REPORT: _l("felanmälningar"),
}


@backoffice.get("/guide")
def guide() -> str:
    profile = organisation.profile()
    shown = [(task, marked(task.steps(profile))) for task in tasks.tasks_of(current.the_staff())]
    return render_template("backoffice/guide.html", tasks=shown)


@backoffice.get("/guide/forsta-dagen")
def first_day() -> str:
    actor, profile = current.the_staff(), organisation.profile()
    return render_template(
        "backoffice/first_day.html",
        kinds=_kinds(profile.kinds),
        promise=promise_lines(profile.promise),
        documents=profile.documents,
        steps=marked(_reader_steps(actor) if actor.role in READERS else _other_steps(actor.role is not None)),
        contacts=contacts(actor),
    )


def _kinds(keys: Sequence[str]) -> str:
    return format_list([str(SEVERAL[Kind(key)]) for key in keys], locale=page_language())


def marked(texts: Sequence[str]) -> list[Markup]:
    """The texts with the names between asterisks in bold."""
    lines = []
    for text in texts:
        parts = NAME.split(text)
        # Every second part is a name.
        html = [
            Markup("<strong>%s</strong>") % part if at % 2 else escape(part) for at, part in enumerate(parts)
        ]
        lines.append(Markup().join(html))
    return lines


def promise_lines(promise: Promise) -> list[str]:
    """What the municipality promises, in its own numbers; where it promises no day, what presses instead."""
    contact, answer = promise.contact_working_days, promise.answer_working_days
    lines = []
    if contact:
        lines.append(
            _within(
                "Vi hör av oss inom %(days)s arbetsdag.", "Vi hör av oss inom %(days)s arbetsdagar.", contact
            )
        )
    if answer:
        lines.append(
            _within(
                "Den som skriver får svar inom %(days)s arbetsdag.",
                "Den som skriver får svar inom %(days)s arbetsdagar.",
                answer,
            )
        )
    if not answer:
        lines.append(
            _within(
                "Ingen dag för svaret är lovad. Ta nästa steg i varje ärende inom %(days)s arbetsdag.",
                "Ingen dag för svaret är lovad. Ta nästa steg i varje ärende inom %(days)s arbetsdagar.",
                promise.next_step_working_days,
            )
        )
    return lines


def _within(one: str, several: str, days: int) -> str:
    return str(ngettext(one, several, days, days=number_word(days)))


def _reader_steps(actor: Staff) -> list[str]:
    if actor.unit:
        read = _("Öppna *Enhetens ärenden* och läs några som redan är besvarade. Varje gång antecknas.")
    else:
        read = _("Öppna *Nyaste först* och läs några ärenden som redan är besvarade. Varje gång antecknas.")
    return [
        _("Välj när du vill få mejl om det som händer, under *Nytt*."),
        _("Läs rutinen för din enhet. Den finns också under *Om ärendet* i varje ärende."),
        read,
        _("Ta ett eget ärende: tryck på *Börja handlägga*. Be en kollega läsa ditt första svar."),
        _("Ha guiden öppen bredvid. Där står vad du trycker på, uppgift för uppgift."),
    ]


def _other_steps(has_role: bool) -> list[str]:
    first = [] if has_role else [_("Be din chef om behörighet, om du ska svara i ärenden.")]
    return [
        *first,
        _("Öppna *Registrera* när någon berättar något för dig. Skriv det med personens egna ord."),
        _("Ge personen numret och koden. Med dem går det att följa ärendet."),
        _("Läs rutinerna, så vet du vad som händer sedan."),
    ]
