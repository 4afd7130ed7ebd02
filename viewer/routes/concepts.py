"""``/api/concepts``: the built-in concepts, for those who name what they have drawn."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from annotations.concept import CONCEPTS
from annotations.document import content_of


async def concepts(_request: Request) -> Response:
    """Answer with every concept, each with the name that the menu shows it under."""
    known = [{"term": term.value, **content_of(concept)} for term, concept in CONCEPTS.items()]
    return JSONResponse(known, headers={"Cache-Control": "private, max-age=3600"})
