"""Images: the whole is decoded, and shown as a new image of its pixels alone, upright and scaled."""

import io
from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module

from PIL import Image, ImageFile, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from portal.files import rules
from portal.files.checking.images import parts as image_parts
from portal.files.checking.images.metadata import ORIENTATION
from portal.files.checking.outcome import Checked, Derivative, Unacceptable
from portal.files.enums import FileKind, Refusal

READERS: Mapping[FileKind, Callable[[io.BytesIO], ImageFile.ImageFile]] = {
    FileKind.JPEG: JpegImagePlugin.JpegImageFile,
    FileKind.PNG: PngImagePlugin.PngImageFile,
    FileKind.WEBP: WebPImagePlugin.WebPImageFile,
}
# Now, since the child can import nothing later. Exif is in the form of a TIFF.
Image.preinit()
import_module("PIL.TiffImagePlugin")
# The limit of pixels is our own, and comes first.
Image.MAX_IMAGE_PIXELS = None
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# The modes with a byte for each band.
REDUCED = frozenset({"L", "LA", "RGB", "RGBA", "CMYK", "YCbCr"})
QUALITY = 85
WHITE = (255, 255, 255)
# What Pillow raises for broken data is more than its own exceptions.
BROKEN = (OSError, SyntaxError, ValueError, TypeError, LookupError, EOFError, OverflowError)


def check_for(kind: FileKind) -> Callable[[bytes], Checked]:
    """The check of a kind of image."""
    return partial(_check, kind)


def _check(kind: FileKind, data: bytes) -> Checked:
    parts = image_parts.split(data, kind)
    # WeasyPrint has images that are cut off read, for the whole process.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with READERS[kind](io.BytesIO(parts.pixels)) as image:
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


def _require_size(image: ImageFile.ImageFile) -> None:
    width, height = image.size
    if width * height > rules.MAX_PIXELS:
        raise Unacceptable(Refusal.TOO_MANY_PIXELS, str(rules.MAX_PIXELS // 1_000_000))


def _scaled(image: ImageFile.ImageFile, side: int) -> Image.Image:
    """The first frame, upright, at most so long on a side, in RGB or RGBA."""
    # A JPEG is decoded at half its size or less where that is enough.
    image.draft("RGB", (side, side))
    image.load()
    orientation = image.getexif().get(ORIENTATION)
    smaller: Image.Image = image
    factor = max(image.size) // side
    if factor > 1 and image.mode in REDUCED:
        smaller = _reduced(image, factor)
    plain = smaller.convert("RGBA" if smaller.has_transparency_data else "RGB")
    plain.thumbnail((side, side))
    return _upright(plain, orientation)


def _reduced(image: Image.Image, factor: int) -> Image.Image:
    # Band by band, since the whole image may be 400 MB, and reduce() makes a copy of it.
    bands = [image.getchannel(band).reduce(factor) for band in image.getbands()]
    return Image.merge(image.mode, bands)


def _upright(image: Image.Image, orientation: int | None) -> Image.Image:
    turn = TURNS.get(orientation or 0)
    return image if turn is None else image.transpose(turn)


def _encoded(image: Image.Image) -> Derivative:
    if image.mode == "RGB":
        return Derivative(FileKind.JPEG, _jpeg(image))
    # Its pixels alone: what else an image has, an encoder may write.
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    buffer = io.BytesIO()
    bare.save(buffer, "PNG")
    return Derivative(FileKind.PNG, buffer.getvalue())


def _jpeg(image: Image.Image) -> bytes:
    bare = Image.new("RGB", image.size, WHITE)
    bare.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
    buffer = io.BytesIO()
    bare.save(buffer, "JPEG", quality=QUALITY)
    return buffer.getvalue()
