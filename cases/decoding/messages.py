"""Length-prefixed messages between the parent and a decoding process.

::

    byte 0      kind, one ASCII letter
    bytes 1-4   length of the body, uint32 little-endian
    body        JSON in UTF-8, or the bytes of one encoded frame

Nothing is ever unpickled: a body is bytes, or JSON that is checked field by field.
"""

import json
import struct
from enum import Enum
from typing import Any, BinaryIO

_PREFIX = struct.Struct("<cI")
FOLDER_PREFIX = "msus-decoder-"
"""How the folder of a decoding process is called."""

BUFFER_BYTES = 256 * 1024
MAX_BODY_BYTES = 64 * 1024 * 1024
"""The largest picture, in colour and not compressed, with room to spare."""


class Kind(Enum):
    """What a message says."""

    READ = b"R"
    """Parent: read these files as one clip."""
    LOOK = b"L"
    """Parent: say what this file is, without decoding it."""
    UNPACK = b"U"
    """Parent: inflate the files of this archive."""
    READY = b"Y"
    """Child: started."""
    OPENED = b"O"
    """Child: the file is recognised, and so many frames are declared."""
    FRAME = b"F"
    """Child: one encoded frame, in order."""
    AGAIN = b"A"
    """Child: forget the frames sent so far; they come again in another encoding."""
    MEMBER = b"M"
    """Child: a file of the archive begins."""
    PIECE = b"P"
    """Child: its next bytes."""
    SPOILT = b"S"
    """Child: it cannot be unpacked, and why."""
    DONE = b"D"
    """Child: the answer is complete."""
    REFUSED = b"X"
    """Child: the file cannot be shown, and why."""


def put(stream: BinaryIO, kind: Kind, body: bytes = b"") -> None:
    """Write one message into the stream's buffer; it leaves when that is full, or with the next that is sent."""
    stream.write(_PREFIX.pack(kind.value, len(body)))
    stream.write(body)


def send(stream: BinaryIO, kind: Kind, body: bytes = b"") -> None:
    """Write one message and all that was put before it."""
    put(stream, kind, body)
    stream.flush()


def send_json(stream: BinaryIO, kind: Kind, content: dict[str, Any]) -> None:
    """Write one message whose body is JSON."""
    send(stream, kind, json.dumps(content, allow_nan=False).encode())


def receive(stream: BinaryIO) -> tuple[Kind, bytes]:
    """Read one message.

    Returns
    -------
    kind : Kind
        What it says.
    body : bytes
        Its body.

    Raises
    ------
    EOFError
        If the other side has closed the stream, in or between messages.
    ValueError
        If the bytes are no message.
    """
    kind, length = _PREFIX.unpack(_exactly(stream, _PREFIX.size))
    if length > MAX_BODY_BYTES:
        raise ValueError("the message is too long")
    return Kind(kind), _exactly(stream, length)


def _exactly(stream: BinaryIO, count: int) -> bytes:
    body = stream.read(count)
    if len(body) != count:
        raise EOFError
    return body
