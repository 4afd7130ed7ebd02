"""Our own HTTP routes, served by the same process as the pages, and the middleware around all of them."""

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import BaseRoute, Route

from viewer.routes import author, exports, imports, layers
from viewer.routes.arrivals import cancel_file, receive_file
from viewer.routes.carry import carry
from viewer.routes.clips import kept_clip, no_export, tissue_map
from viewer.routes.concepts import concepts
from viewer.routes.early_hints import EarlyHints, base_script
from viewer.routes.modules import Modules
from viewer.routes.security import SecurityHeaders, UploadGate
from viewer.routes.thumbnails import loop, still
from viewer.routes.visits import (
    give_up,
    keep_good_frames,
    leave,
    open_arrived,
    stop_opening,
    visit_clip,
    visit_tissue_map,
)


def routes() -> list[BaseRoute]:
    """Return every route of ours; each begins with ``/api/``, but for the author link, which people read."""
    return [
        Route("/author", author.sign_in, methods=["GET"]),
        Route("/author/leave", author.leave, methods=["POST"]),
        Route("/api/author", author.say_who, methods=["GET"]),
        Route("/api/author/leave", author.leave, methods=["POST"]),
        Route("/api/base.js", base_script, methods=["GET"]),
        Route("/api/clips/{sha256:str}", kept_clip, methods=["GET"]),
        Route("/api/clips/{sha256:str}/exports", no_export, methods=["POST"]),
        Route("/api/clips/{sha256:str}/exports/offer", no_export, methods=["POST"]),
        Route("/api/clips/{sha256:str}/carry", carry, methods=["POST"]),
        Route("/api/concepts", concepts, methods=["GET"]),
        Route("/api/clips/{sha256:str}/tissue", tissue_map, methods=["GET"]),
        Route("/api/cases/{case_id:str}/still.webp", still, methods=["GET"]),
        Route("/api/cases/{case_id:str}/loop.webp", loop, methods=["GET"]),
        Route("/api/cases/{case_id:str}/layers", layers.layers, methods=["GET"]),
        Route("/api/cases/{case_id:str}/gestures", layers.keep_gesture, methods=["POST"]),
        Route("/api/cases/{case_id:str}/since/{sequence:int}", layers.since, methods=["GET"]),
        Route("/api/cases/{case_id:str}/history/{layer:str}/{item:str}", layers.history, methods=["GET"]),
        Route("/api/cases/{case_id:str}/restore", layers.restore, methods=["POST"]),
        Route("/api/cases/{case_id:str}/clips/{clip_id:str}/carry", carry, methods=["POST"]),
        Route("/api/cases/{case_id:str}/clips/{clip_id:str}/exports", exports.make, methods=["POST"]),
        Route("/api/cases/{case_id:str}/clips/{clip_id:str}/exports/offer", exports.offer, methods=["POST"]),
        Route("/api/cases/{case_id:str}/clips/{clip_id:str}/imports", imports.keep, methods=["POST"]),
        Route(
            "/api/cases/{case_id:str}/clips/{clip_id:str}/imports/preview", imports.preview, methods=["POST"]
        ),
        Route("/api/cases/{case_id:str}/clips/{clip_id:str}/imports/read", imports.read, methods=["POST"]),
        Route("/api/cases/{case_id:str}/layers/{layer:str}", imports.remove_layer, methods=["DELETE"]),
        Route("/api/exports/{ticket:str}", exports.fetch, methods=["GET"]),
        Route("/api/visits/{token:str}/clips/{sha256:str}/carry", carry, methods=["POST"]),
        Route("/api/visits/{token:str}/clips/{sha256:str}/exports", exports.make, methods=["POST"]),
        Route("/api/visits/{token:str}/clips/{sha256:str}/exports/offer", exports.offer, methods=["POST"]),
        Route("/api/visits/{token:str}/clips/{sha256:str}/imports/read", imports.read, methods=["POST"]),
        Route("/api/visits/{token:str}/clips/{sha256:str}", visit_clip, methods=["GET"]),
        Route("/api/visits/{token:str}/clips/{sha256:str}/tissue", visit_tissue_map, methods=["GET"]),
        Route("/api/visits/{token:str}/files/{number:int}", receive_file, methods=["PUT"]),
        Route("/api/visits/{token:str}/files/{number:int}", cancel_file, methods=["DELETE"]),
        Route("/api/visits/{token:str}/open", open_arrived, methods=["POST"]),
        Route("/api/visits/{token:str}/open", stop_opening, methods=["DELETE"]),
        Route("/api/visits/{token:str}/results/{row_id:int}/keep", keep_good_frames, methods=["POST"]),
        Route("/api/visits/{token:str}/results/{row_id:int}", give_up, methods=["DELETE"]),
        Route("/api/visits/{token:str}/leave", leave, methods=["POST"]),
    ]


def middleware() -> list[Middleware]:
    """Return what every request passes, outermost first."""
    hosts = st.get_option("server.allowedHosts") or ["*"]
    return [
        Middleware(SecurityHeaders),
        Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False),
        Middleware(UploadGate),
        Middleware(Modules),
        Middleware(EarlyHints),
    ]
