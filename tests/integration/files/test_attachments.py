"""Attachments: who may read them, what is kept of an anonymous sender's, and what key rotation does."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet
from flask import Flask

from portal import config, db
from portal.audit import read_log
from portal.audit.models import Read, Reading
from portal.cases.actions import handling
from portal.cases.intake.submission import Receipt
from portal.cases.models import Case, Message
from portal.files import queries, repeats, uploads
from portal.files.attachments import attach
from portal.files.enums import FileKind, Refusal, Sender, Variant
from portal.files.models import StoredContent, StoredFile
from portal.files.storage import folder
from portal.files.uploads import RefusedFile
from portal.identity.actors import Actor, Citizen, CodeHolder, Role
from portal.operations import key_rotation
from portal.organisation import queries as organisation
from portal.organisation.profile import Files
from tests import factories, files
from tests.integration.files.conftest import Configure
from tests.integration.files.staging import attached, staged, stored_names
from tests.statements import counted

DECISION = "KS 2026/0123"


@pytest.fixture
def decided(monkeypatch: pytest.MonkeyPatch) -> None:
    """The municipality has decided that traces of anonymous senders may be removed."""
    _decide(monkeypatch, DECISION)


@pytest.fixture
def undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    _decide(monkeypatch, "")


def _decide(monkeypatch: pytest.MonkeyPatch, decision: str) -> None:
    part = Files(trace_disposal=decision) if decision else None
    changed = organisation.profile().model_copy(update={"files": part})
    monkeypatch.setattr(organisation, "profile", lambda: changed)


def opened(actor: Actor, receipt: Receipt, variant: Variant = Variant.SHOWN) -> bytes | None:
    """The content of the case's newest file, as an actor gets it."""
    db.close_read_session()
    case = db.session().get_one(Case, receipt.case)
    newest = db.session().scalar(sa.select(sa.func.max(StoredFile.id)))
    download = queries.open_attachment(actor, case, newest or 0, variant)
    return b"".join(download.chunks) if download else None


def listed(actor: Actor, receipt: Receipt) -> int:
    db.close_read_session()
    case = db.session().get_one(Case, receipt.case)
    return sum(len(of_message) for of_message in queries.attachments(actor, case).values())


def readings() -> list[Read]:
    db.close_read_session()
    return list(db.session().scalars(sa.select(Reading.what)))


def stored() -> bytes:
    """All that the storage holds, decrypted."""
    db.close_read_session()
    contents = db.session().scalars(sa.select(StoredContent)).all()
    assert {content.name for content in contents} == stored_names()
    return b"".join(chunk for content in contents for chunk in folder.read(content.name, content.key))


def test_the_gate_of_the_message_is_that_of_its_files(storage: Path) -> None:
    receipt, other = factories.send_in(), factories.send_in(body="Något annat")
    attached(receipt, staged(files.picture()).handle)
    anna, elsewhere = factories.member("anna"), factories.member("samir", unit="avfall")
    with db.transaction() as writer:
        case = writer.get_one(Case, receipt.case)
        case.handling_unit_id = case.responsible_unit_id = anna.unit or 0
    assert (listed(CodeHolder(receipt.case), receipt), listed(anna, receipt)) == (1, 1)
    for variant in (Variant.SHOWN, Variant.THUMBNAIL):
        assert opened(CodeHolder(receipt.case), receipt, variant)
        assert opened(anna, receipt, variant)
        for stranger in (CodeHolder(other.case), Citizen(999), elsewhere):
            assert opened(stranger, receipt, variant) is None
            assert listed(stranger, receipt) == 0
    assert opened(CodeHolder(other.case), other) is None


def test_a_sender_sees_no_file_of_an_internal_note(storage: Path) -> None:
    receipt = factories.send_in()
    eva = factories.member("eva", Role.REGISTRAR, None)
    factories.act(handling.note, eva, receipt, "Internt")
    handle = staged(files.picture()).handle
    with db.transaction() as writer:
        note = writer.scalars(sa.select(Message).order_by(Message.id.desc())).first()
        assert note
        attach(eva, writer.get_one(Case, receipt.case), note, [handle], {}, Sender.STAFF)
    assert (listed(eva, receipt), listed(CodeHolder(receipt.case), receipt)) == (1, 0)
    assert opened(eva, receipt)
    assert opened(CodeHolder(receipt.case), receipt) is None


def test_what_arrived_is_for_records_alone_and_the_log_has_each_reading(storage: Path) -> None:
    receipt = factories.send_in()
    data = files.photograph()
    attached(receipt, staged(data).handle)
    records, eva = factories.records_officer(), factories.member("samir", Role.REGISTRAR, None)
    for actor in (CodeHolder(receipt.case), eva):
        assert opened(actor, receipt, Variant.ORIGINAL) is None
    assert readings() == []
    assert opened(eva, receipt) != data
    assert opened(records, receipt, Variant.ORIGINAL) == data
    assert readings() == [Read.FILE, Read.ORIGINAL]


def test_the_files_of_a_case_are_one_statement(storage: Path) -> None:
    receipt = factories.send_in()
    attached(receipt, *(staged(b"Hej", "hej.txt").handle for _file in range(3)))
    db.close_read_session()
    case = db.session().get_one(Case, receipt.case)
    with counted() as statements:
        assert len(queries.attachments(CodeHolder(case.id), case)) == 1
    assert len(statements) == 1


def test_with_a_decision_an_anonymous_file_is_kept_without_its_traces(storage: Path, decided: None) -> None:
    receipt = factories.send_in()
    photograph, document = staged(files.photograph()), staged(files.pdf(Author="Agda Hemlig"), "brev.pdf")
    assert (photograph.has_traces, document.has_traces) == (True, True)
    uploads.require_acceptable([photograph.handle, document.handle], Sender.ANONYMOUS)
    attached(receipt, photograph.handle, document.handle, sender=Sender.ANONYMOUS)
    kept = stored()
    for secret in (b"Agda", b"Kamera", b"Exif", b"2026:03"):
        assert secret not in kept
    # A picture and its thumbnail, and the document.
    assert len(stored_names()) == 3
    records = factories.records_officer()
    assert opened(records, receipt, Variant.ORIGINAL) == opened(records, receipt)


def test_without_a_decision_an_anonymous_file_with_traces_is_refused(storage: Path, undecided: None) -> None:
    receipt = factories.send_in()
    photograph, plain = staged(files.photograph()), staged(files.picture())
    for act in (
        lambda: uploads.require_acceptable([plain.handle, photograph.handle], Sender.ANONYMOUS),
        lambda: attached(receipt, plain.handle, photograph.handle, sender=Sender.ANONYMOUS),
    ):
        with pytest.raises(RefusedFile) as refused:
            act()
        assert (refused.value.name, refused.value.reason) == ("bild.jpg", Refusal.HAS_TRACES)
    attached(receipt, plain.handle, sender=Sender.ANONYMOUS)
    assert listed(CodeHolder(receipt.case), receipt) == 1


def test_what_a_known_sender_sent_is_kept_as_it_arrived(storage: Path, decided: None) -> None:
    receipt = factories.send_in()
    data = files.photograph()
    attached(receipt, staged(data).handle)
    assert data in stored()


def test_an_office_file_is_for_known_senders_and_staff(storage: Path, decided: None) -> None:
    upload = staged(files.docx(), "brev.docx")
    assert upload.kind is FileKind.DOCX
    uploads.require_acceptable([upload.handle], Sender.STAFF)
    with pytest.raises(RefusedFile) as refused:
        uploads.require_acceptable([upload.handle], Sender.ANONYMOUS)
    assert refused.value.reason is Refusal.NOT_AS_ANONYMOUS
    receipt = factories.send_in()
    attached(receipt, upload.handle)
    assert opened(CodeHolder(receipt.case), receipt) == stored()


def test_keys_are_rotated_in_the_rows_and_the_bytes_stay(configure: Configure, storage: Path) -> None:
    receipt = factories.send_in()
    data = files.photograph()
    attached(receipt, staged(data).handle)
    before = {path: path.read_bytes() for path in storage.glob("??/*")}
    old, new = config.settings(), Fernet.generate_key().decode()
    configure(data_keys=f"{new},{old.data_keys}", index_keys=f"another-index-key,{old.index_keys}")
    for table in (StoredContent.__table__, StoredFile.__table__):
        assert isinstance(table, sa.Table)
        rotated = key_rotation.rotate_table(table)
        assert (rotated.changed, rotated.unreadable) == (rotated.seen, [])
    configure(data_keys=new, index_keys="another-index-key")
    assert opened(factories.records_officer(), receipt, Variant.ORIGINAL) == data
    for content in db.session().scalars(sa.select(StoredContent)):
        assert content.content_mac == uploads.content_mac(content.name, content.digest)
    assert {path: path.read_bytes() for path in storage.glob("??/*")} == before


def test_a_staged_upload_is_no_attachment_yet(inside: Flask, storage: Path) -> None:
    receipt = factories.send_in()
    staged(files.picture())
    assert listed(factories.records_officer(), receipt) == 0
    assert opened(factories.records_officer(), receipt) is None


def test_equal_files_of_two_cases_have_no_equal_hash(storage: Path) -> None:
    known, anonymous = factories.send_in(), factories.send_in(body="Utan namn")
    for receipt in (known, anonymous):
        attached(receipt, staged(b"Samma fil", "brev.txt").handle)
    split = staged(b"Samma fil", "brev.txt")
    assert repeats.are_of_first(known.case, [split.handle])
    macs = list(db.session().scalars(sa.select(StoredContent.content_mac)))
    assert len(macs) == len(set(macs))


def test_a_small_picture_without_the_page_of_its_case_is_a_reading(storage: Path) -> None:
    receipt = factories.send_in()
    attached(receipt, staged(files.photograph()).handle)
    eva = factories.member("eva", Role.REGISTRAR, None)
    assert opened(eva, receipt, Variant.THUMBNAIL)
    assert readings() == [Read.FILE]
    case = db.session().get_one(Case, receipt.case)
    read_log.log_display(eva, [case], Read.CASE)
    assert opened(eva, receipt, Variant.THUMBNAIL)
    assert readings() == [Read.FILE, Read.CASE]


@pytest.mark.parametrize(
    ("env", "example", "decision"),
    [("development", True, DECISION), ("production", True, ""), ("production", False, DECISION)],
)
def test_an_invented_decision_is_none_in_production(
    inside: Flask, monkeypatch: pytest.MonkeyPatch, env: str, example: bool, decision: str
) -> None:
    part = Files(trace_disposal=DECISION, example=example)
    changed = organisation.profile().model_copy(update={"files": part})
    monkeypatch.setattr(organisation, "profile", lambda: changed)
    monkeypatch.setattr(organisation, "settings", lambda: config.settings().model_copy(update={"env": env}))
    assert organisation.trace_disposal() == decision
