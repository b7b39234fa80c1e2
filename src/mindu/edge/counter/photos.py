"""Photos: checked before they are opened, drawn anew without EXIF, and kept under their digest."""

from hashlib import sha256
from io import BytesIO
from pathlib import Path
from threading import Lock

from mindu.base.records import Words
from mindu.brain.casework.refusals import Refusal

BYTES = 10 << 20  # of one upload
PIXELS = 40_000_000  # of one picture; a bomb promises more than any phone takes
EDGE = 2_048  # pixels of the longer side that is kept
MOST = 4  # pictures of one matter
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")


class Photos:
    """A folder of pictures by digest."""

    def __init__(self, folder: Path) -> None:
        """Keep pictures in a folder, made when it is not there."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._one = Lock()  # a large picture takes half a gigabyte while it is drawn

    def keep(self, raw: bytes) -> str:
        """Keep a picture; return its digest.

        Raises:
            Refusal: it is too big, a bomb, or no picture that we can open.
        """
        with self._one:
            clean = redrawn(raw)
            digest = sha256(clean).hexdigest()[:40]
            path = self._folder / f"{digest}.jpg"
            if not path.exists():
                part = self._folder / f"{digest}.part"
                part.write_bytes(clean)
                part.replace(path)
        return digest

    def read(self, digest: str) -> bytes | None:
        """Return a kept picture as JPEG, or None."""
        if not digest.isalnum() or len(digest) != 40:
            return None
        path = self._folder / f"{digest}.jpg"
        return path.read_bytes() if path.is_file() else None


def redrawn(raw: bytes) -> bytes:
    """Return the picture as a new JPEG of its pixels alone: no position, name or date survives.

    Raises:
        Refusal: it is too big, a bomb, or no picture that we can open.
    """
    from PIL import Image, ImageOps  # noqa: PLC0415 - loads only when somebody sends a picture

    if not 0 < len(raw) <= BYTES:
        most = BYTES >> 20
        raise Refusal(Words(f"a picture has at most {most} MB; make it smaller",
                            f"照片至多 {most} MB,请压缩后再传"))  # fmt: skip
    try:
        with Image.open(BytesIO(raw), formats=FORMATS) as found:
            _no_bomb(*found.size)
            found.draft("RGB", (EDGE, EDGE))
            upright = ImageOps.exif_transpose(found)
            plain = upright.convert("RGB")
    except Refusal:
        raise
    except Image.DecompressionBombError as wrong:  # so large that its head gives it away
        raise _too_many() from wrong
    except Exception as wrong:  # a decoder fails in many ways on hostile bytes
        raise Refusal(Words("this is no picture that can be opened; send JPEG or PNG",
                            "照片无法打开,请用 JPEG 或 PNG")) from wrong  # fmt: skip
    plain.thumbnail((EDGE, EDGE))
    bare, told = Image.new("RGB", plain.size), BytesIO()
    bare.paste(plain)
    bare.save(told, "JPEG", quality=82, optimize=True)
    return told.getvalue()


def _no_bomb(width: int, height: int) -> None:
    if width * height > PIXELS:
        raise _too_many(f" ({width} × {height})")


def _too_many(size: str = "") -> Refusal:
    most = PIXELS // 1_000_000
    return Refusal(Words(f"the picture has too many pixels{size}: {most} million at most",
                         f"照片像素过多{size}:至多 {most * 100} 万,请缩小后再传"))  # fmt: skip
