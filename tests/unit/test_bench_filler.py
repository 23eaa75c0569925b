"""The filler of the benchmark: its words, its calendar and its lines."""

from datetime import date
from itertools import pairwise
from pathlib import Path

from portal.formats import identity_numbers
from tests.bench.filling import fill, pool
from tests.bench.filling.columns import COLUMNS, Sheet
from tests.bench.filling.frame import Calendar
from tests.bench.filling.staff import identity_number
from tests.bench.filling.words import COMMON, NO_HIT, RARE, Author, vocabulary

TODAY = date(2026, 11, 29)


def test_the_same_seed_writes_the_same_text() -> None:
    assert Author(3).body() == Author(3).body()
    assert Author(3).body() != Author(4).body()


def test_some_words_are_in_many_texts_and_most_in_few() -> None:
    author = Author(3)
    texts = [author.body() for _ in range(1_000)]
    assert 50 < sum(COMMON in text for text in texts) < 400
    assert not any(RARE in text or NO_HIT in text for text in texts)
    assert sum("läckaplats" in text for text in texts) < 50


def test_no_word_is_twice_in_the_vocabulary() -> None:
    words = vocabulary()
    assert len(words) == len(set(words)) > 40_000


def test_cases_come_in_order_and_never_after_today() -> None:
    calendar = Calendar(5_000, TODAY)
    arrivals = [calendar.arrival(index) for index in range(5_000)]
    assert all(earlier < later for earlier, later in pairwise(arrivals))
    assert arrivals[0].date() == calendar.first
    assert arrivals[-1].date() < TODAY


def test_each_year_has_its_own_numbers_without_gaps() -> None:
    calendar = Calendar(30_000, TODAY)
    numbers = [calendar.number(index) for index in range(30_000)]
    for year, last in calendar.series().items():
        assert [number for own, number in numbers if own == year] == list(range(1, last + 1))


def test_the_first_case_of_some_days_is_found() -> None:
    calendar = Calendar(5_000, TODAY)
    first = calendar.since(25)
    assert calendar.arrival(first).date() == date(2026, 11, 4)
    assert calendar.arrival(first - 1).date() < date(2026, 11, 4)


def test_a_line_is_what_copy_reads() -> None:
    sheet = Sheet(0)
    sheet.add("task", 1, None, True, False, TODAY)
    assert sheet.lines["task"] == ["1\t\\N\tt\tf\t2026-11-29"]
    assert pool.escaped("a\\b\nc\td") == "a\\\\b\\nc\\td"
    assert pool.binary(b"\x01\xff") == "\\\\x01ff"


def test_cases_that_others_make_get_other_ids() -> None:
    first, second = Sheet(0), Sheet(1)
    for _row in range(6):
        assert first.next_id("message") < second.free["message"]


def test_no_column_is_named_twice() -> None:
    for names in COLUMNS.values():
        assert len(names.split()) == len(set(names.split()))


def test_a_filled_database_is_kept_by_size_schema_and_filler() -> None:
    assert fill.name_for(1_000) == fill.name_for(1_000) != fill.name_for(2_000)
    assert all((Path(fill.__file__).parent / name).exists() for name in fill.FILLER)
    assert list(fill.MIGRATIONS.glob("0001_*.py"))


def test_identity_numbers_are_valid_and_different() -> None:
    numbers = [identity_number(serial) for serial in range(0, 200_000, 37)]
    assert len(set(numbers)) == len(numbers)
    assert all(identity_numbers.is_valid(number) for number in numbers)
