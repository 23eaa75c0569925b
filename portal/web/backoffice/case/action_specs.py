"""How an action of staff is described, and how the page of a case draws what is described."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import ngettext
from flask_babel.speaklater import LazyString

from portal.cases.lifecycle import Action
from portal.cases.models import Case
from portal.identity.actors import Staff
from portal.web.backoffice.action_forms import ActionForm

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
    # Drawn by templates of their own: the panel of the answer, its second button, a button beside each row.
    ANSWER = "answer"
    SECOND_BUTTON = "second_button"
    ROW = "row"


@dataclass(frozen=True)
class Bulk:
    """An action with many cases: its form, made for all of them, and its words for one and for several.

    `preview` shows the text as it will be sent before it can be sent.
    """

    form: type[ActionForm]
    button: LazyString
    heading: Counted
    submit: Counted
    done: Counted
    key: str = ""
    preview: bool = False


def counted(one: str, many: str) -> Counted:
    """A text about a number of cases."""
    return lambda number: ngettext(one, many, number)


@dataclass(frozen=True)
class ActionSpec:
    """How staff do an action.

    `command` gets the actor, the case and the form's arguments. `label` names the action (`label_for` where
    that depends on the case), `button` is the text of its form's button, else the label, and `saved` is
    shown afterwards. `unfolded` draws the form open. `and_close` is the action of the form's second button.
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

    def run(self, actor: Staff, case: Case, form: ActionForm) -> Case | None:
        """Run the command with what was filled in; returns the case that it made, if it made one."""
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
    specs: Specs, case: Case, href: str, forms: Mapping[str, ActionForm], posted: str
) -> dict[str, list[ActionView]]:
    """The actions of each place that have a form; `posted` is the one to show with its errors."""
    drawn: dict[str, list[ActionView]] = {place.value: [] for place in Place}
    for action, spec in specs.items():
        if action in forms:
            view = _view(action, spec, case, f"{href}/{action}", forms, posted)
            drawn[spec.place].append(view)
    return drawn


def _view(
    action: Action, spec: ActionSpec, case: Case, href: str, forms: Mapping[str, ActionForm], posted: str
) -> ActionView:
    label = str(spec.label_for(case) if spec.label_for else spec.label)
    # Where no answer can be written, the note is what is left to write.
    only_note = action is Action.NOTE and Action.ANSWER not in forms
    return ActionView(
        name=action.value,
        href=href,
        label=label,
        button=str(spec.button or label),
        form=forms[action],
        style=_style(spec, forms[action]),
        variant="primary" if spec.primary else "secondary",
        key=spec.key,
        open=action == posted or only_note,
    )


def _style(spec: ActionSpec, form: ActionForm) -> str:
    if form.visible():
        return "unfolded" if spec.unfolded else "folded"
    return "link" if spec.place is Place.FACTS else "button"


def bulk_actions(specs: Specs) -> Iterator[tuple[str, Bulk]]:
    """The actions that can be done with many cases, by name."""
    for action, spec in specs.items():
        if spec.bulk:
            yield action.value, spec.bulk
