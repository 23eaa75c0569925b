"""The virus scan by a real clamd: nothing is shown before it is clean, what is infected is kept unseen."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from portal import db
from portal.cases.enums import TaskKind
from portal.cases.intake.submission import Receipt
from portal.cases.models import Case, Task
from portal.files import maintenance, queries, uploads
from portal.files.enums import FileState, Refusal, Sender, Variant
from portal.files.models import StoredFile
from portal.files.scanning import clamd
from portal.files.scanning import job as scan
from portal.files.scanning.clamd import NotScanned, ScannerUnavailable
from portal.files.uploads import RefusedFile
from portal.identity.actors import CodeHolder
from portal.operations import jobs
from tests import clamd_server, factories, files
from tests.integration.files.conftest import Configure
from tests.integration.files.staging import attached, staged, stored_names


@pytest.fixture
def scanner(configure: Configure, storage: Path, clamd_address: str) -> str:
    configure(clamd=clamd_address)
    return clamd_address


def states(receipt: Receipt) -> list[FileState]:
    db.close_read_session()
    case = db.session().get_one(Case, receipt.case)
    return [file.state for files in queries.attachments(CodeHolder(case.id), case).values() for file in files]


def is_opened(receipt: Receipt, variant: Variant = Variant.SHOWN, actor: object = None) -> bool:
    db.close_read_session()
    case = db.session().get_one(Case, receipt.case)
    file = db.session().scalars(sa.select(StoredFile.id)).one()
    return queries.open_attachment(actor or CodeHolder(case.id), case, file, variant) is not None  # type: ignore[arg-type]


def tasks() -> list[TaskKind]:
    return list(db.session().scalars(sa.select(Task.kind).filter_by(kind=TaskKind.HIDDEN_FILE)))


def test_a_file_is_shown_when_the_scanner_has_called_it_clean(scanner: str) -> None:
    receipt = factories.send_in()
    attached(receipt, staged(files.picture()).handle)
    assert states(receipt) == [FileState.WAITING]
    assert not is_opened(receipt)
    assert not is_opened(receipt, Variant.THUMBNAIL)
    assert scan.scan_waiting() == 1
    assert states(receipt) == [FileState.READY]
    assert is_opened(receipt)
    assert scan.scan_waiting() == 0


def test_an_infected_file_stays_in_quarantine_and_the_officer_has_a_task(scanner: str) -> None:
    receipt = factories.send_in()
    attached(receipt, staged(clamd_server.eicar_in_text(), "brev.txt").handle)
    with capture_logs() as lines:
        jobs.run_due_slow()
    assert [line["event"] for line in lines if line["event"] == "file.hidden"] == ["file.hidden"]
    assert states(receipt) == [FileState.INFECTED]
    assert tasks() == [TaskKind.HIDDEN_FILE]
    assert not is_opened(receipt)
    records = factories.records_officer()
    assert is_opened(receipt, Variant.ORIGINAL, records)
    assert not is_opened(receipt, Variant.SHOWN, records)
    assert maintenance.infected() == 1
    assert len(stored_names()) == 2


def test_two_infected_files_of_a_case_make_one_task(scanner: str) -> None:
    receipt = factories.send_in()
    attached(receipt, *(staged(clamd_server.eicar_in_text(), "brev.txt").handle for _ in range(2)))
    scan.scan_waiting()
    assert states(receipt) == [FileState.INFECTED] * 2
    assert tasks() == [TaskKind.HIDDEN_FILE]


def test_an_upload_that_is_found_infected_is_refused_when_its_form_is_sent(scanner: str) -> None:
    receipt = factories.send_in()
    upload = staged(clamd_server.eicar_in_text(), "brev.txt")
    scan.scan_waiting()
    with pytest.raises(RefusedFile) as refused:
        uploads.require_acceptable([upload.handle], Sender.KNOWN)
    assert (refused.value.name, refused.value.reason) == ("brev.txt", Refusal.INFECTED)
    with pytest.raises(RefusedFile):
        attached(receipt, upload.handle)
    assert tasks() == []


def test_while_the_scanner_is_away_files_wait_and_operations_hear_of_it_once(
    configure: Configure, storage: Path, tmp_path: Path
) -> None:
    configure(clamd=str(tmp_path / "no-socket"))
    receipt = factories.send_in()
    attached(receipt, staged(files.picture()).handle)
    reader = scan.Scanner()
    with capture_logs() as lines:
        for _attempt in range(2):
            with pytest.raises(ScannerUnavailable):
                reader.scan()
    assert [line["event"] for line in lines] == ["scanner.unavailable"]
    assert states(receipt) == [FileState.WAITING]
    assert any("clamd does not answer" in problem for problem in maintenance.problems())
    assert maintenance.counts()[FileState.WAITING] == 1


def test_a_file_that_waits_is_shown_when_the_scan_is_turned_off(scanner: str, configure: Configure) -> None:
    receipt = factories.send_in()
    attached(receipt, staged(files.picture()).handle)
    configure(clamd="")
    scan.scan_waiting()
    assert states(receipt) == [FileState.READY]


def test_a_file_whose_bytes_were_changed_is_shown_to_nobody(scanner: str, storage: Path) -> None:
    receipt = factories.send_in()
    attached(receipt, staged(files.picture()).handle)
    for path in storage.glob("??/*"):
        path.write_bytes(files.changed(path.read_bytes()))
    scan.scan_waiting()
    assert states(receipt) == [FileState.FAILED]
    assert tasks() == [TaskKind.HIDDEN_FILE]
    assert any("changed" in problem for problem in maintenance.problems())


def test_more_than_the_scanner_takes_is_not_clean(clamd_address: str) -> None:
    piece = b"\1" * (1024 * 1024)
    with pytest.raises(NotScanned, match="size limit"):
        clamd.scan(clamd_address, [piece] * 30)


def test_the_signature_is_found_across_pieces(clamd_address: str) -> None:
    text = clamd_server.eicar_in_text()
    assert clamd.scan(clamd_address, [text[:20], b"", text[20:]]).startswith("Kontakt.Test")
    assert clamd.scan(clamd_address, [text[:20]]) == ""
    assert clamd.is_available(clamd_address)
    assert not clamd.is_available(f"{clamd_address}-none")
    assert not clamd.is_available("127.0.0.1:1")
