"""What a job does one by one: one that fails is logged and stops no other, and the job has failed."""

import pytest
from structlog.testing import capture_logs

from portal.database.errors import DatabaseUnavailable, Outage
from portal.jobs.batches import PartlyFailed, for_each


def test_the_results_are_added() -> None:
    assert for_each([1, 2, 3], lambda id_: id_) == 6


def test_one_that_fails_stops_no_other_and_fails_the_job() -> None:
    done = []

    def each(id_: int) -> int:
        if id_ == 2:
            raise ValueError
        done.append(id_)
        return 1

    with capture_logs() as lines, pytest.raises(PartlyFailed):
        for_each([1, 2, 3], each)
    assert done == [1, 3]
    assert [(line["event"], line["part"]) for line in lines] == [("job.part_failed", 2)]


def test_without_a_database_nothing_more_is_tried() -> None:
    tried = []

    def each(id_: int) -> int:
        tried.append(id_)
        raise DatabaseUnavailable(Outage.AWAY)

    with pytest.raises(DatabaseUnavailable):
        for_each([1, 2], each)
    assert tried == [1]
