"""Messages between the server and a decoding process."""

import io

from cases.decoding.messages import Kind, receive, send, send_json
from tests.cases.fuzzing.parsers.parser import Parser


def _parse(content: bytes) -> None:
    stream = io.BytesIO(content)
    while stream.tell() < len(content):
        kind, body = receive(stream)
        assert isinstance(kind, Kind)
        assert len(body) <= len(content)


def _seeds() -> list[bytes]:
    stream = io.BytesIO()
    send(stream, Kind.READY)
    send_json(stream, Kind.OPENED, {"frames_declared": 3})
    send(stream, Kind.FRAME, b"\xff\xd8\xff\xd9")
    return [stream.getvalue()]


PARSER = Parser("a message of a decoding process", _parse, (EOFError, ValueError), _seeds)
