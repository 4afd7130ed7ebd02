"""``…/imports``: what a file of marks holds, for everybody; and its marks as a layer of the case, for authors.

A reader gets the marks back and keeps them in her browser. An author sends the
file twice, once to be looked at and once to be kept, so that the server holds
nothing of it in between. It is read in a process of its own.
"""

import asyncio
from collections import Counter
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from annotations.document import content_of
from annotations.exchange.apart import read_apart
from annotations.exchange.imported import Imported, Reading, cleaned
from annotations.importing import delete_layer, free_layer, keep_imported
from annotations.layers import bundled_documents
from viewer.arriving import safe_name
from viewer.authors import READERS_ONLY, may_write
from viewer.export_source import opened_case_of
from viewer.house import house
from viewer.routes.exports import source_of
from viewer.routes.refusals import FRESH, RefusedError, body_within, in_one_sentence

MAX_BYTES = 64 * 1024 * 1024
MAX_LISTED = 200
MAX_AUTHOR = 80
MAX_READ_BYTES = 16 * 1024 * 1024
MAX_AT_ONCE = 2
_reading = asyncio.Semaphore(MAX_AT_ONCE)
_TOO_LARGE_TO_READ = (
    f"A file of marks has at most {MAX_READ_BYTES // 2**20} MiB here; export fewer marks, or clip by clip."
)
_TOO_LARGE = (
    f"A file of marks has at most {MAX_BYTES // 2**20} MiB here; import a larger one by the command line."
)


@in_one_sentence
async def preview(request: Request) -> Response:
    """Answer with what a file holds and what is left out of it; nothing is kept."""
    sent = await _sent(request)
    imported = await asyncio.to_thread(_read, sent)
    return JSONResponse(_said(imported), headers=FRESH)


@in_one_sentence
async def read(request: Request) -> Response:
    """Answer with what a file holds and with its marks themselves, for who sent it; nothing is kept."""
    content = await body_within(request, MAX_READ_BYTES, _TOO_LARGE_TO_READ)
    name = safe_name(unquote(request.headers.get("x-file-name", "")))
    clip_id = request.headers.get("x-clip", "clip")
    if _reading.locked():
        raise RefusedError(429, "Many files of marks are being read on this server; try again in a minute.")
    async with _reading:
        source = await asyncio.to_thread(source_of, request.path_params, clip_id)
        reading = Reading(name, source.facts.clip, source.facts)
        imported = await asyncio.to_thread(read_apart, content, reading)
    marks = [content_of(mark) for mark in imported.marks]
    return JSONResponse({**_said(imported), "contents": marks}, headers=FRESH)


@in_one_sentence
async def keep(request: Request) -> Response:
    """Keep what a file holds as a new layer, all of it or nothing, and answer once it is committed."""
    sent = await _sent(request)
    title = cleaned(unquote(request.headers.get("x-layer-title", "")), 200) or sent.name
    kept = await asyncio.to_thread(_keep, sent, title, _author(request))
    return JSONResponse(kept, headers=FRESH)


@in_one_sentence
async def remove_layer(request: Request) -> Response:
    """Delete what was drawn or imported in a layer; each item can be restored from its history."""
    _only_authors(request)
    case_id, layer = request.path_params["case_id"], request.path_params["layer"]
    house().catalogue.manifest(case_id)
    author = _author(request)
    deleted = await asyncio.to_thread(
        lambda: delete_layer(house().marks.open(), case=case_id, layer=layer, author=author)
    )
    if not deleted:
        raise RefusedError(404, f"There is no layer “{layer}” that was drawn or imported here.")
    return JSONResponse({"layer": layer, "deleted": len(deleted)}, headers=FRESH)


@dataclass(frozen=True, slots=True)
class _Sent:
    """One file, and the clip that its marks shall lie on."""

    case_id: str
    clip_id: str
    name: str
    content: bytes


async def _sent(request: Request) -> _Sent:
    _only_authors(request)
    content = await body_within(request, MAX_BYTES, _TOO_LARGE)
    name = safe_name(unquote(request.headers.get("x-file-name", "")))
    return _Sent(request.path_params["case_id"], request.path_params["clip_id"], name, content)


def _author(request: Request) -> str:
    """Return the name that the author gave herself, "" where she gave none."""
    return cleaned(unquote(request.headers.get("x-author", "")), MAX_AUTHOR)


def _only_authors(request: Request) -> None:
    if not may_write(request):
        raise RefusedError(403, READERS_ONLY)


def _read(sent: _Sent) -> Imported:
    """Read it for the layer of a case: our own JSON of that case brings the marks of all of its clips."""
    opened = opened_case_of(sent.case_id)
    facts, others = opened.facts(sent.clip_id), frozenset(opened.case.clips)
    return read_apart(sent.content, Reading(sent.name, sent.clip_id, facts, sent.case_id, others))


def _said(imported: Imported) -> dict[str, Any]:
    kinds = Counter(mark.kind.value for mark in imported.marks)
    return {
        "format": imported.format_name,
        "marks": [
            {"label": mark.label, "kind": mark.kind.value, "frames": _span(mark.place.frame_span)}
            for mark in imported.marks[:MAX_LISTED]
        ],
        "kinds": dict(kinds),
        "count": len(imported.marks),
        "annotated_frames": len(imported.frames),
        "remarks": list(imported.remarks),
        "title": imported.layer.title if imported.layer is not None else "",
    }


def _span(frames: tuple[int, int]) -> str:
    first, last = frames
    return f"frame {first + 1}" if first == last else f"frames {first + 1} to {last + 1}"


def _keep(sent: _Sent, title: str, author: str) -> dict[str, Any]:
    imported = _read(sent)
    store = house().marks.open()
    taken = frozenset(document.layer.id for document in bundled_documents(sent.case_id))
    layer = free_layer(store, sent.case_id, taken, title)
    keep_imported(store, imported, case=sent.case_id, layer=layer, author=author)
    return {"layer": layer.id, "title": layer.title, "count": len(imported.marks)}
