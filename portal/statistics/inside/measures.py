"""The measures of this municipality."""

from portal.organisation import queries as organisation
from portal.statistics.inside.rules import Measure

OF_ANSWER = (Measure.ANSWERED_IN_TIME, Measure.CLOSED_IN_TIME)
OF_CONTACT = (Measure.CONTACT_IN_TIME, Measure.REACH)


def shown_measures() -> list[Measure]:
    """The measures that are shown: none of a promise that the municipality does not make."""
    promise = organisation.profile().promise
    left_out: set[Measure] = set()
    if promise.answer_working_days is None:
        left_out |= {*OF_ANSWER, Measure.EXTENDED, Measure.SUMMER}
    if promise.contact_working_days is None:
        left_out |= set(OF_CONTACT)
    return [measure for measure in Measure if measure not in left_out]
