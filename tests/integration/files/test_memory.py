"""The memory of a process that stores and serves files: it holds pieces of them, never a whole."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests import migrated

MOST_MORE = 60 * 1024
PROGRAM = """
import io, json, os, resource, sys
from pathlib import Path
from portal import create_app, db
from portal.operations import migrations
from portal.cases.models import Case, Message
from portal.files import attachments, queries, uploads
from portal.files.enums import Sender, Variant
from portal.identity.actors import CodeHolder
import sqlalchemy as sa
from tests import factories
from tests.conftest import settings

def kilobytes(name):
    return int(Path("/proc/self/status").read_text().split(f"{name}:")[1].split()[0])

folder = sys.argv[1]
app = create_app(settings(f"sqlite:///{folder}/kontakt.db", storage=f"{folder}/files"))
with app.app_context():
    migrations.prepare()
    receipt = factories.send_in()
    def stage(path, name):
        with open(path, "rb") as stream:
            return uploads.stage(stream, name, Sender.KNOWN).handle
    small = stage(f"{folder}/small.txt", "a.txt")
    with db.transaction():
        uploads.discard(small)
    before = kilobytes("VmRSS")
    handles = [stage(f"{folder}/large.txt", "a.txt") for _ in range(5)]
    handles += [stage(f"{folder}/large.jpg", "a.jpg") for _ in range(5)]
    with db.transaction() as writer:
        case, message = writer.get_one(Case, receipt.case), writer.scalars(sa.select(Message)).first()
        attachments.attach(CodeHolder(case.id), case, message, handles, {}, Sender.KNOWN)
    case = db.session().get_one(Case, receipt.case)
    read = 0
    for files in queries.attachments(CodeHolder(case.id), case).values():
        for file in files:
            opened = queries.open_attachment(CodeHolder(case.id), case, file.id, Variant.SHOWN)
            read += sum(len(chunk) for chunk in opened.chunks)
print(json.dumps([before, kilobytes("VmHWM"), len(handles), read]))
"""


@pytest.mark.full
def test_ten_files_of_25_megabytes_take_little_memory(tmp_path: Path) -> None:
    (tmp_path / "kontakt.db").write_bytes(migrated.sqlite_file())
    (tmp_path / "small.txt").write_bytes(b"Hej")
    (tmp_path / "large.txt").write_bytes(b"En rad med text i filen.\n" * 150_000)
    # A picture, and then what is no part of it: a telephone's film.
    from tests import files

    (tmp_path / "large.jpg").write_bytes(files.picture(size=(2000, 1500)) + bytes(1_300_000))
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path)], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr[-2000:]
    before, after, count, read = json.loads(done.stdout.splitlines()[-1])
    assert count == 10
    assert read > 18_000_000
    assert after - before < MOST_MORE, f"{after - before} kB more"
