"""What kind of file this is, by its bytes and never by its name."""

from pathlib import Path

from cases.clip import Container
from cases.decoding.dicom_structure import TYPES
from cases.decoding.source import RefusedError
from cases.sentences import Refusal
from cases.settings import GIB, Limits

_HEAD_BYTES = 4096
_STARTS = (
    (b"\x89PNG\r\n\x1a\n", Container.PNG),
    (b"\xff\xd8\xff", Container.JPEG),
    (b"GIF87a", Container.GIF),
    (b"GIF89a", Container.GIF),
    (b"II*\x00", Container.TIFF),
    (b"MM\x00*", Container.TIFF),
    (b"II+\x00", Container.TIFF),
    (b"MM\x00+", Container.TIFF),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", Container.WMV),
    (b"\x00\x00\x01\xba", Container.MPEG),
    (b"\x00\x00\x01\xb3", Container.MPEG),
    (b"PK\x03\x04", Container.ZIP),
    (b"PK\x05\x06", Container.ZIP),
)
_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
_BRANDS_OF_PICTURES = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avis"}
)
"""Pictures of phones in boxes (HEIF): often tiles, of which a reader of videos would show one."""

_BMP_HEADERS = frozenset({12, 16, 40, 52, 56, 64, 108, 124})
_TRANSPORT_PACKETS = ((0, 188), (4, 192))
_LAST_FIRST_ELEMENT = 0x0070
_MATROSKA = b"\x1a\x45\xdf\xa3"
_WEB_PAGES = (b"<!doctype html", b"<html")
_TEXT = frozenset(range(0x20, 0x7F)) | {0x09, 0x0A, 0x0D}


def recognise(path: Path, limits: Limits) -> Container:
    """Tell the kind of a file.

    Parameters
    ----------
    path : Path
        The file.
    limits : Limits
        Largest file.

    Returns
    -------
    Container
        Its kind, or unknown.

    Raises
    ------
    RefusedError
        If the file is missing, empty or too large.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            head = stream.read(_HEAD_BYTES)
    except FileNotFoundError as error:
        raise RefusedError(Refusal.NOT_FOUND) from error
    except OSError as error:
        raise RefusedError(Refusal.NOT_READABLE) from error
    if size == 0:
        raise RefusedError(Refusal.EMPTY)
    if size > limits.max_file_bytes:
        raise RefusedError(Refusal.FILE_TOO_LARGE, limit_gib=round(limits.max_file_bytes / GIB, 2))
    return kind_of(head)


def kind_of(head: bytes) -> Container:
    """Tell the kind of a file by its first bytes.

    Examples
    --------
    >>> kind_of(b"GIF89a....").value
    'gif'
    """
    if head[128:132] == b"DICM":
        return Container.DICOM
    if _begins_without_preamble(head):
        return Container.DICOM
    for start, container in _STARTS:
        if head.startswith(start):
            return container
    if head.startswith(b"RIFF"):
        return {b"AVI ": Container.AVI, b"WEBP": Container.WEBP}.get(head[8:12], Container.UNKNOWN)
    if head.startswith(b"BM") and int.from_bytes(head[14:18], "little") in _BMP_HEADERS:
        return Container.BMP
    if is_transport_stream(head):
        return Container.MPEG
    if head[4:12] in {b"ftyp" + brand for brand in _BRANDS_OF_PICTURES}:
        return Container.UNKNOWN
    if head[4:8] in _BOXES:
        return Container.MOV if head[4:8] != b"ftyp" or head[8:12] == b"qt  " else Container.MP4
    if head.startswith(_MATROSKA):
        return Container.WEBM if b"webm" in head[:64] else Container.MKV
    return Container.UNKNOWN


def is_transport_stream(head: bytes) -> bool:
    """Whether these are packets of an MPEG transport stream, as of broadcasts and camcorders."""
    return any(
        all(head[start + k * size : start + k * size + 1] == b"G" for k in range(3))
        for start, size in _TRANSPORT_PACKETS
    )


def _begins_without_preamble(head: bytes) -> bool:
    """Whether the file begins with a low element of group 2 or 8, as DICOM without a preamble does."""
    group, element = head[:2], int.from_bytes(head[2:4], "little")
    if group == b"\x00\x08":  # big endian
        return head[2:3] == b"\x00" and head[4:6] in TYPES
    if group not in (b"\x02\x00", b"\x08\x00") or element > _LAST_FIRST_ELEMENT:
        return False
    return head[4:6] in TYPES or (group == b"\x08\x00" and int.from_bytes(head[4:8], "little") < 256)


def refusal_of_unknown(head: bytes) -> RefusedError:
    """Say what an unknown file looks like."""
    beginning = head.lstrip()[:64].lower()
    if beginning.startswith(_WEB_PAGES):
        return RefusedError(Refusal.WEB_PAGE)
    sample = head[:512]
    printable = sum(byte in _TEXT or byte >= 0x80 for byte in sample)
    is_text = bool(sample) and b"\0" not in sample and printable == len(sample)
    return RefusedError(Refusal.LOOKS_LIKE_TEXT if is_text else Refusal.UNKNOWN_KIND)
