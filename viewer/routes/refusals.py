"""What our routes answer when they cannot do what was asked: a status, and one sentence."""

import functools
from collections.abc import Awaitable, Callable

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from annotations.errors import (
    AnnotationError,
    AnnotationStoreError,
    ExportError,
    ImportRefusedError,
    RevisionNotFoundError,
    RevisionReusedError,
)
from cases.errors import CaseError, CaseNotFoundError

FRESH = {"Cache-Control": "no-store"}
Answer = Callable[[Request], Awaitable[Response]]


class RefusedError(Exception):
    """A request that is answered with one sentence."""

    def __init__(self, status_code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status_code = status_code


def in_one_sentence(answer: Answer) -> Answer:
    """Turn what can go wrong into a status and a sentence."""

    @functools.wraps(answer)
    async def told(request: Request) -> Response:
        try:
            return await answer(request)
        except RefusedError as refusal:
            return _refusal(refusal.status_code, str(refusal))
        except ClientDisconnect:
            return _refusal(400, "What was sent did not arrive whole; a gesture is sent again by itself.")
        except (RevisionNotFoundError, CaseNotFoundError) as error:
            return _refusal(404, str(error))
        except RevisionReusedError as error:
            return _refusal(409, str(error))
        except AnnotationStoreError as error:
            return _refusal(503, str(error))
        except (ExportError, ImportRefusedError) as error:
            return _refusal(422, str(error))
        except (AnnotationError, CaseError) as error:
            return _refusal(500, str(error))

    return told


def _refusal(status_code: int, sentence: str) -> Response:
    headers = {**FRESH, "Retry-After": "2"} if status_code == 503 else FRESH
    return JSONResponse({"error": sentence}, status_code=status_code, headers=headers)


async def body_within(request: Request, limit_bytes: int, too_large: str) -> bytes:
    """Return the body of a request, of which no more than the limit is ever held.

    Raises
    ------
    RefusedError
        If it is larger, with the given sentence.
    """
    said = request.headers.get("content-length", "0")
    if said.isdecimal() and int(said) > limit_bytes:
        raise RefusedError(413, too_large)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit_bytes:
            raise RefusedError(413, too_large)
    return bytes(body)
