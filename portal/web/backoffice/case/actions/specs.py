"""Specs of the actions of staff, and how the page of a case draws them."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from flask import get_template_attribute
from flask.typing import ResponseReturnValue
from flask_babel.speaklater import LazyString
from markupsafe import Markup

from portal.cases.actions.handling import Written
from portal.cases.lifecycle import Action
from portal.cases.models import Case
from portal.identity.actors import Staff
from portal.translation import ngettext
from portal.web.backoffice.action_forms import ActionForm
from portal.web.backoffice.answers.delivery_texts import delivery_text

Counted = Callable[[int], str]


class Place(StrEnum):
    """Where on the page of a case an action is drawn."""

    TOP = "top"
    # Grouped by whom they reach, so that no note for colleagues is sent to the sender.
    TO_SENDER = "to_sender"
    FROM_SENDER = "from_sender"
    CLOSE_UNANSWERED = "close_unanswered"
    FOR_STAFF = "for_staff"
    PROMISE = "promise"
    NEXT_STEP = "next_step"
    RESPONSIBILITY = "responsibility"
    FACTS = "facts"
    OTHER_CASES = "other_cases"
    # These have their own templates: the answer panel, its second button, and a button beside each row.
    ANSWER = "answer"
    SECOND_BUTTON = "second_button"
    ROW = "row"


# The actions that write something, each on a tab; see case/actions/tabs.py.
WRITTEN = frozenset({Place.TO_SENDER, Place.FROM_SENDER, Place.FOR_STAFF})
DRAWN_APART = frozenset({Place.ANSWER, Place.SECOND_BUTTON, Place.ROW}) | WRITTEN


@dataclass(frozen=True)
class AndNext:
    """The button that does the same and goes on to the next case of the list, and what that says was done."""

    button: LazyString
    done: LazyString


@dataclass(frozen=True)
class Bulk:
    """An action on many cases: its form, made for all of them, and its texts for one and for several.

    `none` is the heading when it is possible with no case. `preview` requires a preview of the text before
    it can be sent.
    """

    form: type[ActionForm]
    button: LazyString
    heading: Counted
    submit: Counted
    done: Counted
    none: LazyString
    key: str = ""
    preview: bool = False


def counted(singular: str, plural: str) -> Counted:
    """A text about a number of cases, translated when it is called."""
    return lambda number: ngettext(singular, plural, number)


@dataclass(frozen=True)
class ActionSpec:
    """The definition of an action of staff.

    `command` is called with the actor, the case and the form's arguments. `label` names the action
    (`label_for` if that depends on the case), `button` is the text of its form's button (default: the label),
    and `saved` confirms it (`saved_for` where the case says more). `sends` names the text that goes to the
    sender: its confirmation says to whom and how, and then `afterwards`
    (`afterwards_for` if that depends on the case). `unfolded` draws the form open.
    `page` gives a page to show once instead of the case. `and_close` is the action of the second button,
    and `and_next` the button that goes on to the next case. `tab` is the short name of an action that writes.
    """

    command: Callable[..., Case | Written | None]
    place: Place
    label: LazyString
    saved: LazyString
    button: LazyString | None = None
    form: type[ActionForm] = ActionForm
    label_for: Callable[[Case], LazyString] | None = None
    key: str = ""
    primary: bool = False
    unfolded: bool = False
    two_cases: bool = False
    and_close: Action | None = None
    bulk: Bulk | None = None
    sends: LazyString | None = None
    afterwards: LazyString | None = None
    afterwards_for: Callable[[Case], LazyString] | None = None
    saved_for: Callable[[Staff, Case], str] | None = None
    page: Callable[[str, ActionForm], ResponseReturnValue | None] | None = None
    and_next: AndNext | None = None
    tab: LazyString | None = None

    def confirmation(self, actor: Staff, case: Case) -> str:
        """What was done, and of a text to the sender to whom it went and how."""
        if self.sends is None:
            return (self.saved_for(actor, case) if self.saved_for else "") or str(self.saved)
        is_answer = self.place in (Place.ANSWER, Place.SECOND_BUTTON)
        afterwards = self.afterwards_for(case) if self.afterwards_for else self.afterwards
        return f"{delivery_text(self.sends, case, is_answer)} {afterwards or ''}".strip()

    def run(self, actor: Staff, case: Case, form: ActionForm) -> Case | Written | None:
        """Run the command with the form's arguments; return the case that it created, or what it wrote."""
        return self.command(actor, case, **form.arguments_for(actor, case))


@dataclass(frozen=True)
class ActionView:
    """An action as a template draws it. `style` is button, link, folded or unfolded.

    `hidden` are the hidden fields that the forms of the page share; a form that was posted has its own.
    """

    name: str
    href: str
    label: str
    button: str
    form: ActionForm
    style: str
    hidden: str = ""
    variant: str = "secondary"
    key: str = ""
    open: bool = False
    and_next: str = ""


Specs = Mapping[Action, ActionSpec]
# In place of what differs between pages in an action that is drawn once. Nothing that is drawn has them.
HREF, HIDDEN, ROW = "\ufdd0", "\ufdd1", "\ufdd2"
_drawn: dict[Hashable, Markup] = {}


@dataclass(frozen=True)
class PageActions:
    """The actions on the page of a case: the names of those that it draws.

    `href` is the address of an action before its name, `hidden` the hidden fields that the forms share,
    `seen` what they hold, and `posted` the form that was sent and is shown again, with its name.
    `onward` says whether there is a list to go on in.
    """

    specs: Specs
    actor: Staff
    case: Case
    names: Set[str]
    href: str
    hidden: Markup
    seen: Mapping[str, Any]
    posted: tuple[str, ActionForm] | None = None
    onward: bool = False

    def panels(self) -> dict[str, list[Markup]]:
        """The actions that have a form of their own, by place."""
        panels: dict[str, list[Markup]] = {place.value: [] for place in Place}
        for action, spec in self.specs.items():
            if action in self.names and spec.place not in DRAWN_APART:
                panels[spec.place].append(self.draw(action))
        return panels

    def draw(self, action: Action, row: str = "", label: str = "") -> Markup:
        """An action as HTML: beside a row, if one is given, and with another label than its own."""
        posted = self._posted(action, row)
        if posted:
            return _html(self._view(action, posted, row, label, is_open=True))
        look = self.specs[action].form.drawn_from(self.actor, self.case)
        if look is None:
            form = self._form(action, row)
            return _html(self._view(action, form, row, label, self.hidden, is_open=self._is_likely(action)))
        return self._drawn_once(action, row, label, look)

    def _form(self, action: Action, row: str, blank: bool = False) -> ActionForm:
        kind = self.specs[action].form
        make = kind.blank if blank else kind.for_case
        return make(self.actor, self.case, **self.seen, **({"message": row} if row else {}))

    def _posted(self, action: Action, row: str) -> ActionForm | None:
        name, form = self.posted or ("", None)
        return form if form and name == action and form.row == row else None

    def _drawn_once(self, action: Action, row: str, label: str, look: Hashable) -> Markup:
        """An action that looks the same on many pages, with what is of this one put in its place."""
        spec = self.specs[action]
        label = label or (str(spec.label_for(self.case)) if spec.label_for else "")
        is_open = self._is_likely(action)
        key = (action, bool(row), label, is_open, self.onward, look)
        if key not in _drawn:
            form = self._form(action, row and ROW, blank=True)
            view = self._view(action, form, row and ROW, label, HIDDEN, is_open)
            _drawn[key] = _html(replace(view, href=HREF))
        html = _drawn[key].replace(HREF, f"{self.href}{action.value}")
        html = html.replace(HIDDEN, self.hidden).replace(ROW, row)
        # Last: these are texts of people.
        for placeholder, text in spec.form.slots(self.actor, self.case).items():
            html = html.replace(placeholder, text)
        return html

    def _is_likely(self, action: Action) -> bool:
        """Whether this is what will be done: a note, where no answer can be written."""
        return action is Action.NOTE and Action.ANSWER not in self.names

    def _view(
        self,
        action: Action,
        form: ActionForm,
        row: str,
        label: str,
        hidden: str = "",
        is_open: bool = False,
    ) -> ActionView:
        spec = self.specs[action]
        own_label = str(spec.label_for(self.case) if spec.label_for else spec.label)
        return ActionView(
            # The ids of its fields begin with the name, and the same form is drawn beside other rows.
            name=f"{action.value}-{row}" if row else action.value,
            href=f"{self.href}{action.value}",
            label=label or own_label,
            button=str(spec.button or own_label),
            form=form,
            style="folded" if row else _style(spec, form),
            hidden=hidden,
            variant="primary" if spec.primary else "secondary",
            key=spec.key,
            open=is_open,
            and_next=str(spec.and_next.button) if spec.and_next and self.onward else "",
        )


def _html(view: ActionView) -> Markup:
    html: Markup = get_template_attribute("backoffice/_actions.html", "action")(view)
    return html


def _style(spec: ActionSpec, form: ActionForm) -> str:
    if form.visible():
        return "unfolded" if spec.unfolded or spec.place in WRITTEN else "folded"
    return "link" if spec.place is Place.FACTS else "button"


def bulk_actions(specs: Specs) -> Iterator[tuple[str, Bulk]]:
    """The bulk actions as (name, definition)."""
    for action, spec in specs.items():
        if spec.bulk:
            yield action.value, spec.bulk
