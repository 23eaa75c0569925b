"""Uploads: staged for their form, attached to its message, or gone without a trace."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import config, db
from portal.cases.models import Case
from portal.files import queries, uploads
from portal.files.enums import FileKind, FileState, Variant
from portal.identity.actors import CodeHolder
from tests import factories, files
from tests.integration.files.staging import attached, staged


@pytest.fixture
def storage(inside: Flask, tmp_path: Path) -> Iterator[Path]:
    """A storage folder of the test's own."""
    before = config.settings()
    config.use(before.model_copy(update={"storage": str(tmp_path / "files")}))
    yield tmp_path / "files"
    config.use(before)


def count(model: type[db.Base]) -> int:
    db.close_read_session()
    return db.session().scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_an_upload_becomes_an_attachment_of_its_message(storage: Path) -> None:
    receipt = factories.send_in()
    upload = staged(files.picture(), "../hål i vägen.png")
    assert (upload.name, upload.kind) == ("hål i vägen.jpg", FileKind.JPEG)
    assert uploads.staged([upload.handle, "unknown"]) == [upload]
    message = attached(receipt, upload.handle, **{upload.handle: " Ett hål\n"})
    assert uploads.staged([upload.handle]) == []
    case = db.session().get_one(Case, receipt.case)
    ((found,),) = queries.attachments(CodeHolder(case.id), case).values()
    assert (found.message_id, found.name, found.alt) == (message, "hål i vägen.jpg", "Ett hål")
    assert (found.state, found.has_thumbnail) == (FileState.READY, True)
    opened = queries.open_attachment(CodeHolder(case.id), case, found.id, Variant.SHOWN)
    assert opened
    assert (opened.name, opened.mimetype) == ("hål i vägen.jpg", "image/jpeg")
    content = b"".join(opened.chunks)
    assert len(content) == opened.bytes == found.bytes
    assert content.startswith(b"\xff\xd8\xff")
