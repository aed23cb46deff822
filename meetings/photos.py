"""Photos are made anew before they are kept: only the picture stays, none of what came with it."""

import io
import secrets
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _
from pi_heif import register_heif_opener
from PIL import Image, ImageOps, UnidentifiedImageError

# What iPhones take; the picture alone is read, not the small copies that come with it.
register_heif_opener(thumbnails=False)

# A phone's largest picture (12 MB and more) is taken and made small; the proxy takes 50 MB in all.
MAX_MEGABYTES = 20
MAX_BYTES = MAX_MEGABYTES * 1024 * 1024
# A small file may unpack to a picture that fills the memory: read no larger one than a phone takes.
MAX_PIXELS = 50_000_000
MAX_SIDE_PIXELS = 2000
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
JPEG_QUALITY = 82


def remade(file: File) -> ContentFile:
    """Return the picture as a new JPEG without place, time or device; refuse all else in Chinese."""
    if file.size > MAX_BYTES:
        raise ValidationError(
            _("“%(name)s”超过 %(most)s MB。") % {"name": file.name, "most": MAX_MEGABYTES}
        )
    try:
        with Image.open(file, formats=FORMATS) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise ValidationError(_("“%(name)s”尺寸过大。") % {"name": file.name})
            picture.draft("RGB", (MAX_SIDE_PIXELS, MAX_SIDE_PIXELS))
            # The camera's turn is in the EXIF data that is dropped: turn the picture itself.
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((MAX_SIDE_PIXELS, MAX_SIDE_PIXELS))
            out = io.BytesIO()
            _flat(upright).save(out, "JPEG", quality=JPEG_QUALITY, optimize=True)
    except (
        UnidentifiedImageError,
        OSError,
        EOFError,
        SyntaxError,
        ValueError,
        RuntimeError,  # libheif's
        Image.DecompressionBombError,
    ) as e:
        raise ValidationError(
            _("“%(name)s”不是可用的图片，没有保存；请用 JPG、PNG、WebP 或手机拍的 HEIC 照片。")
            % {"name": file.name}
        ) from e
    return ContentFile(out.getvalue(), name=f"{secrets.token_hex(16)}.jpg")


def remade_all(files: Iterable[File]) -> tuple[list[ContentFile], list[str]]:
    """Return the pictures made anew, and what to say of each file that is none."""
    pictures, refused = [], []
    for file in files:
        try:
            pictures.append(remade(file))
        except ValidationError as error:
            refused += error.messages
    return pictures, refused


def _flat(picture: Image.Image) -> Image.Image:
    """Put transparent parts on white, and drop everything but the pixels."""
    rgba = picture.convert("RGBA")
    paper = Image.new("RGB", rgba.size, "white")
    paper.paste(rgba, mask=rgba.getchannel("A"))
    return paper
