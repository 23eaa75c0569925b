"""Images: the whole is decoded, and shown as a new image of its pixels alone, upright and scaled."""

import io

from PIL import Image, ImageOps

from portal.files import rules
from portal.files.checking import image_parts
from portal.files.checking.metadata import ORIENTATION
from portal.files.checking.outcome import Checked, Derivative, Unacceptable
from portal.files.enums import FileKind, Refusal

FORMATS = {FileKind.JPEG: "JPEG", FileKind.PNG: "PNG", FileKind.WEBP: "WEBP"}
# Imported now: the child opens no file later. The limit of pixels is our own, and comes first.
Image.init()
Image.MAX_IMAGE_PIXELS = None
QUALITY = 85
WHITE = (255, 255, 255)
# What Pillow raises for broken data is more than its own exceptions.
BROKEN = (OSError, SyntaxError, ValueError, TypeError, LookupError, EOFError, OverflowError)


def check(data: bytes, kind: FileKind) -> Checked:
    """Decode an image and make its derivatives. Raises Unacceptable."""
    parts = image_parts.split(data, kind)
    try:
        with Image.open(io.BytesIO(parts.pixels), formats=[FORMATS[kind]]) as image:
            _require_size(image)
            shown = _scaled(image, rules.SHOWN_SIDE)
    except BROKEN as error:
        raise Unacceptable(Refusal.DAMAGED) from error
    thumbnail = shown.copy()
    thumbnail.thumbnail((rules.THUMBNAIL_SIDE, rules.THUMBNAIL_SIDE))
    return Checked(
        kind,
        has_traces=parts.has_traces,
        shown=_encoded(shown),
        thumbnail=Derivative(FileKind.JPEG, _jpeg(thumbnail)),
    )


def _require_size(image: Image.Image) -> None:
    width, height = image.size
    if width * height > rules.MAX_PIXELS:
        raise Unacceptable(Refusal.TOO_MANY_PIXELS, str(rules.MAX_PIXELS // 1_000_000))


def _scaled(image: Image.Image, side: int) -> Image.Image:
    """The first frame, upright, at most so long on a side, in RGB or RGBA."""
    # A JPEG is decoded at half its size or less where that is enough.
    image.draft("RGB", (side, side))
    image.load()
    orientation = image.getexif().get(ORIENTATION)
    smaller: Image.Image = image
    factor = max(image.size) // (2 * side)
    if factor > 1 and image.mode != "P":
        # Before anything copies it: the whole image may be 400 MB.
        smaller = image.reduce(factor)
    plain = smaller.convert("RGBA" if smaller.has_transparency_data else "RGB")
    plain.thumbnail((side, side))
    return _upright(plain, orientation)


def _upright(image: Image.Image, orientation: int | None) -> Image.Image:
    bare = _bare(image)
    if orientation:
        bare.getexif()[ORIENTATION] = orientation
        ImageOps.exif_transpose(bare, in_place=True)
    return bare


def _bare(image: Image.Image) -> Image.Image:
    """The pixels alone: what else an image has, an encoder may write."""
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    return bare


def _encoded(image: Image.Image) -> Derivative:
    if image.mode == "RGB":
        return Derivative(FileKind.JPEG, _jpeg(image))
    buffer = io.BytesIO()
    _bare(image).save(buffer, "PNG")
    return Derivative(FileKind.PNG, buffer.getvalue())


def _jpeg(image: Image.Image) -> bytes:
    bare = Image.new("RGB", image.size, WHITE)
    bare.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
    buffer = io.BytesIO()
    bare.save(buffer, "JPEG", quality=QUALITY)
    return buffer.getvalue()
