"""The words of files that are stored: kinds, senders, refusals, states and variants. Pure."""

from enum import StrEnum


class FileKind(StrEnum):
    """The kind of a file, by its content."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    PDF = "pdf"
    TEXT = "text"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    ODT = "odt"
    ODS = "ods"
    ODP = "odp"


class Sender(StrEnum):
    """Who sends a file: what is accepted differs."""

    ANONYMOUS = "anonymous"
    KNOWN = "known"
    STAFF = "staff"


class Refusal(StrEnum):
    """Why a file is not accepted."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    TOO_LARGE_TOGETHER = "too_large_together"
    UNKNOWN_KIND = "unknown_kind"
    # A photograph of an iPhone that was not converted.
    HEIC = "heic"
    MACROS = "macros"
    # An office file that fetches or embeds something else.
    LINKED = "linked"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_MANY_PIXELS = "too_many_pixels"
    UNPACKS_TOO_LARGE = "unpacks_too_large"
    # The check needed more memory or time than it may have.
    TOO_DEMANDING = "too_demanding"
    NOT_AS_ANONYMOUS = "not_as_anonymous"
    HAS_TRACES = "has_traces"
    INFECTED = "infected"
    # The handle of an upload that is expired, unknown or attached already.
    EXPIRED = "expired"
    NO_ROOM = "no_room"
    # For the copy in each case that an answer goes to, or too much for the time that copies may take.
    NO_ROOM_FOR_COPIES = "no_room_for_copies"
    BUSY = "busy"


class FileState(StrEnum):
    """What may be done with a stored file."""

    WAITING = "waiting"
    READY = "ready"
    INFECTED = "infected"
    FAILED = "failed"


class Variant(StrEnum):
    """Which content of a file is opened."""

    SHOWN = "shown"
    THUMBNAIL = "thumbnail"
    ORIGINAL = "original"
