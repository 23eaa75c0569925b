"""What operations see of files: problems of the folder, the states, and which jobs there are."""

from pathlib import Path

import pytest
from flask import Flask

from portal.files import maintenance
from portal.files.storage import folder
from portal.operations import checks, jobs, metrics
from tests import files
from tests.integration.files.conftest import Configure
from tests.integration.files.staging import staged
from tests.statements import plans


def test_the_check_names_a_folder_that_is_missing_or_open_to_others(
    configure: Configure, storage: Path
) -> None:
    # In development the first file creates it.
    assert checks.stored_files() == ""
    configure(env="production")
    assert checks.stored_files() == f"{storage} is no folder"
    storage.mkdir(0o700)
    assert checks.stored_files() == ""
    storage.chmod(0o750)
    assert checks.stored_files() == f"{storage} can be read by other users: chmod 700"


def test_a_folder_that_cannot_be_written_is_named(storage: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    storage.mkdir(0o700)
    monkeypatch.setattr("os.access", lambda *_arguments: False)
    assert folder.problem() == f"{storage} cannot be written"


def test_the_metrics_have_the_files_by_state(storage: Path) -> None:
    staged(files.picture())
    text = metrics.exposition().decode()
    assert 'kontakt_files{state="infected"} 0.0' in text
    assert 'state="ready"' not in text


def test_the_worker_deletes_scans_and_sweeps(inside: Flask) -> None:
    assert {"uploads", "storage"} <= {job.name for job in jobs.JOBS}
    assert "virus_scan" in {job.name for job in jobs.SLOW_JOBS}
    assert maintenance.infected() == 0
    assert checks.file_notes() == []


def test_files_that_are_ready_are_not_read_to_count_the_others(storage: Path) -> None:
    (plan,) = plans(maintenance.counts)
    assert "ix_stored_file_not_ready" in plan
