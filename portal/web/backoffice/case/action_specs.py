"""Specs of the actions of staff, and how the page of a case draws them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from flask_babel.speaklater import LazyString

from portal.cases.lifecycle import Action
from portal.cases.models import Case
from portal.identity.actors import Staff
from portal.web.backoffice.action_forms import ActionForm
from portal.web.backoffice.answers.delivery_texts import delivery_text

Counted = Callable[[int], str]


class Place(StrEnum):
    """Where on the page of a case an action is drawn."""

    TOP = "top"
    WRITE = "write"
    FOLLOW_UP = "follow_up"
    PROMISE = "promise"
    RESPONSIBILITY = "responsibility"
    FACTS = "facts"
    MORE = "more"
    # These have their own templates: the answer panel, its second button, and a button beside each row.
    ANSWER = "answer"
    SECOND_BUTTON = "second_button"
    ROW = "row"


@dataclass(frozen=True)
class Bulk:
    """An action on many cases: its form, made for all of them, and its texts for one and for several.

    `preview` requires a preview of the text before it can be sent.
    """

    form: type[ActionForm]
    button: LazyString
    heading: Counted
    submit: Counted
    done: Counted
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
    and `saved` confirms it. `sends` names the text that goes to the sender: its confirmation says to whom and
    how, and then `afterwards`. `unfolded` draws the form open. `page` gives a page to show once instead of
    the case. `and_close` is the action of the second button.
    """

    command: Callable[..., Case | None]
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
    page: Callable[[str, ActionForm], ResponseReturnValue | None] | None = None

    def confirmation(self, case: Case) -> str:
        """What was done, and of a text to the sender to whom it went and how."""
        if self.sends is None:
            return str(self.saved)
        is_answer = self.place in (Place.ANSWER, Place.SECOND_BUTTON)
        return f"{delivery_text(self.sends, case, is_answer)} {self.afterwards or ''}".strip()

    def run(self, actor: Staff, case: Case, form: ActionForm) -> Case | None:
        """Run the command with the form's arguments; return the case that it created, if any."""
        return self.command(actor, case, **form.arguments())


@dataclass(frozen=True)
class ActionView:
    """An action as a template draws it. `style` is button, link, folded or unfolded."""

    name: str
    href: str
    label: str
    button: str
    form: ActionForm
    style: str
    variant: str = "secondary"
    key: str = ""
    open: bool = False


Specs = Mapping[Action, ActionSpec]


def panels(
    specs: Specs, case: Case, forms: Mapping[str, ActionForm], posted: str
) -> dict[str, list[ActionView]]:
    """The actions that have a form, by place; `posted` is the action that is drawn open, with its errors."""
    drawn: dict[str, list[ActionView]] = {panel.value: [] for panel in Place}
    for action, spec in specs.items():
        if action in forms:
            drawn[spec.place].append(_view(action, spec, case, forms, posted))
    return drawn


def _view(
    action: Action, spec: ActionSpec, case: Case, forms: Mapping[str, ActionForm], posted: str
) -> ActionView:
    label = str(spec.label_for(case) if spec.label_for else spec.label)
    # If no answer can be written, the note is the likely thing to write.
    only_note = action is Action.NOTE and Action.ANSWER not in forms
    return ActionView(
        name=action.value,
        href=url_for("backoffice.act", number=case.reference, action=action.value),
        label=label,
        button=str(spec.button or label),
        form=forms[action],
        style=_style(spec, forms[action]),
        variant="primary" if spec.primary else "secondary",
        key=spec.key,
        open=action == posted or only_note,
    )


def row_view(action: Action, spec: ActionSpec, case: Case, form: ActionForm, posted: bool) -> ActionView:
    """An action beside a row of the page, folded; open with the form that was posted."""
    label = str(spec.label_for(case) if spec.label_for else spec.label)
    return ActionView(
        # The ids of its fields begin with the name, and the same form is drawn beside other rows.
        name=f"{action.value}-{form.row}",
        href=url_for("backoffice.act", number=case.reference, action=action.value),
        label=label,
        button=str(spec.button or label),
        form=form,
        style="folded",
        open=posted,
    )


def _style(spec: ActionSpec, form: ActionForm) -> str:
    if form.visible():
        return "unfolded" if spec.unfolded else "folded"
    return "link" if spec.place is Place.FACTS else "button"


def bulk_actions(specs: Specs) -> Iterator[tuple[str, Bulk]]:
    """The bulk actions as (name, definition)."""
    for action, spec in specs.items():
        if spec.bulk:
            yield action.value, spec.bulk
