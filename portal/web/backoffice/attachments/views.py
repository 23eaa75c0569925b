"""Downloads and thumbnails of the files of a case."""

from flask.typing import ResponseReturnValue

from portal.files.enums import Variant
from portal.files.queries import Download, open_attachment, open_held
from portal.web import current
from portal.web.attachments import downloads
from portal.web.backoffice import backoffice


def _file(number: str, file: int, variant: Variant) -> Download | None:
    # The query writes the read log: a file is opened without the page of its case.
    actor = current.the_staff()
    handed_over = current.transferred(actor, number)
    if handed_over:
        return open_held(actor, handed_over, file, variant)
    return open_attachment(actor, current.case(actor, number), file, variant)


@backoffice.get("/arenden/<number>/filer/<int(max=2147483647):file>")
def attachment(number: str, file: int) -> ResponseReturnValue:
    return downloads.download(_file(number, file, Variant.SHOWN))


@backoffice.get("/arenden/<number>/filer/<int(max=2147483647):file>/miniatyr")
def thumbnail(number: str, file: int) -> ResponseReturnValue:
    return downloads.picture(_file(number, file, Variant.THUMBNAIL))


@backoffice.get("/arenden/<number>/filer/<int(max=2147483647):file>/original")
def original(number: str, file: int) -> ResponseReturnValue:
    return downloads.download(_file(number, file, Variant.ORIGINAL))
