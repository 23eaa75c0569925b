"""Words of improvements: their states, what is refused, and the lines of their log."""

from flask_babel.speaklater import LazyString

from portal.cases.improvements.rules import EntryKind, ImprovementProblem, ImprovementState
from portal.translation import lazy_gettext as _staff
from portal.words.labels import Tag

STATES: dict[ImprovementState, Tag] = {
    ImprovementState.PLANNED: Tag(_staff("Planerad"), "warning"),
    ImprovementState.UNDER_WAY: Tag(_staff("Pågår"), "info"),
    ImprovementState.DONE: Tag(_staff("Genomförd"), "success"),
    ImprovementState.DROPPED: Tag(_staff("Nedlagd"), "neutral"),
}
OVERDUE = Tag(_staff("Försenad"), "danger")
PROBLEMS: dict[ImprovementProblem, LazyString] = {
    ImprovementProblem.PAST_DAY: _staff("Dagen har redan varit. Välj i dag eller en senare dag."),
    ImprovementProblem.FAR_DAY: _staff("Välj en dag inom fem år."),
    ImprovementProblem.RESPONSIBLE: _staff("Personen arbetar inte med den enheten. Välj någon annan."),
    ImprovementProblem.STATE: _staff("Läget kan inte följa på det som gäller nu. Välj ett annat."),
    ImprovementProblem.PUBLISHED: _staff("Texten är publicerad. Avpublicera den först."),
    ImprovementProblem.NOT_DONE: _staff("Bara en förbättring som är genomförd kan publiceras."),
    ImprovementProblem.OVER: _staff("Förbättringen är genomförd eller nedlagd. Välj en annan."),
    ImprovementProblem.NO_PROPOSAL: _staff(
        "Förslaget finns inte kvar här. Ärendet kan ha lämnats till en annan nämnd sedan du öppnade sidan."
    ),
    ImprovementProblem.SETTLED: _staff(
        "Förslaget är avslaget eller redan klart, så det kan inte bli en förbättring."
    ),
    ImprovementProblem.TWICE: _staff(
        "Förslaget har redan blivit en förbättring. Den finns bland ärendets förbättringar."
    ),
}
ENTRIES: dict[EntryKind, LazyString] = {
    EntryKind.CREATED: _staff("%(who)s planerade förbättringen"),
    EntryKind.CHANGED: _staff("%(who)s ändrade %(what)s"),
    EntryKind.PUBLISHED: _staff("%(who)s publicerade texten"),
    EntryKind.CORRECTED: _staff("%(who)s rättade den publicerade texten"),
    EntryKind.UNPUBLISHED: _staff("%(who)s avpublicerade texten"),
}
FIELDS: dict[str, LazyString] = {
    "title": _staff("vad ni ska göra"),
    "plan": _staff("hur det ska gå till"),
    "due_on": _staff("sista dagen"),
    "responsible_id": _staff("vem som ansvarar"),
    "state": _staff("läget"),
}
