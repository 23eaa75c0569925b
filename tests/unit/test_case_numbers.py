"""Case numbers in HTML that are kept on one line."""

import time

import pytest

from portal.formats.case_numbers import kept_together

KEPT = '<bdi class="case-number">KB-2026-000123</bdi>'


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<p>KB-2026-000123</p>", f"<p>{KEPT}</p>"),
        ("<td>Ärende KB-2026-000123, delat.</td>", f"<td>Ärende {KEPT}, delat.</td>"),
        ("<li>KB-2026-000123 och KB-2026-000123</li>", f"<li>{KEPT} och {KEPT}</li>"),
        ('<a href="/x/KB-2026-000123">KB-2026-000123</a>', f'<a href="/x/KB-2026-000123">{KEPT}</a>'),
        ('<input value="KB-2026-000123">', '<input value="KB-2026-000123">'),
        ("<textarea>Om KB-2026-000123.</textarea>", "<textarea>Om KB-2026-000123.</textarea>"),
        ("<option>KB-2026-000123</option>", "<option>KB-2026-000123</option>"),
        ("<p>070-1740-605005</p>", "<p>070-1740-605005</p>"),
    ],
)
def test_a_number_in_a_text_is_kept_on_one_line(html: str, shown: str) -> None:
    assert kept_together(html) == shown


def test_it_takes_time_in_proportion_to_the_text() -> None:
    for text in ("KB-2026-000123 " * 20_000, "K" * 300_000, "-2026-" * 50_000, ">" * 300_000):
        begun = time.process_time()
        kept_together(f"<textarea>{text}</textarea>")
        assert time.process_time() - begun < 1
