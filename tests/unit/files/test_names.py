"""Names of files, whatever they are: safe, short, and the same when they are cleaned again."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from portal.files.enums import FileKind
from portal.files.kinds import KINDS
from portal.files.names import MAX_NAME, clean_name, extension_of, name_of_kind


@given(st.text(max_size=600))
def test_a_clean_name_is_safe_and_short(name: str) -> None:
    clean = clean_name(name)
    assert 0 < len(clean) <= MAX_NAME
    assert not set(clean) & set('/\\:*?"<>|\r\n\t\0')
    assert not clean.startswith((".", " "))
    assert not {unicodedata.category(character) for character in clean} & {"Cc", "Cf", "Cs", "Co", "Cn"}


@given(st.text(max_size=300), st.sampled_from(FileKind))
def test_a_name_of_a_kind_has_an_extension_of_it(name: str, kind: FileKind) -> None:
    named = name_of_kind(name, kind)
    assert len(named) <= MAX_NAME
    assert extension_of(named) in KINDS[kind].extensions
