"""A stage for the player without the rest of the app: `python tests/player/stage.py`.

Serves the player's files, a page that plays Streamlit's part, and clips made
in memory whose frames carry their number as a row of black and white blocks;
`first=` and `second=` in the address name videos on disk instead.
"""

from __future__ import annotations

import functools
import hashlib
import http.server
import json
import struct
import sys
import threading
import time
import urllib.parse
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

HERE = Path(__file__).resolve().parent
WEB = HERE.parents[1] / "viewer" / "player" / "web"
BLOCK_PX = 16
BLOCKS = 10
MIME = {".js": "text/javascript", ".css": "text/css", ".html": "text/html"}


def numbered(frame: NDArray[Any], frame_index: int) -> NDArray[Any]:
    """Write the frame index as blocks along the top edge, lowest bit first."""
    for bit in range(BLOCKS):
        left = bit * BLOCK_PX
        frame[:BLOCK_PX, left : left + BLOCK_PX] = 255 if frame_index >> bit & 1 else 0
    return frame


def pack(frames: list[bytes], head: dict[str, Any]) -> bytes:
    """Join encoded frames to a pack."""
    head = {"version": 1, "kind": "clip", "frames": len(frames), **head}
    text = json.dumps(head).encode()
    offsets = np.cumsum([0, *(len(frame) for frame in frames)]).astype("<u4").tobytes()
    return b"MSUSPK01" + struct.pack("<I", len(text)) + text + offsets + b"".join(frames)


@functools.cache
def speckle_pack(frames: int, rows: int, columns: int, *, seed: int, colour: bool = False) -> bytes:
    """Make a clip of moving speckle, a dark layer that opens in its middle."""
    rng = np.random.default_rng(seed)
    ground = cv2.GaussianBlur(rng.rayleigh(60, (rows, columns * 2)).astype(np.float32), (5, 5), 1.2)
    y, x = np.mgrid[0:rows, 0:columns]
    encoded = []
    for index in range(frames):
        phase = np.clip((index / frames - 0.3) / 0.3, 0, 1)
        shift = int(index * 1.5) % columns
        picture = ground[:, shift : shift + columns] * (0.5 + 0.5 * np.cos(y / rows * 9 + seed) ** 2)
        gap = np.exp(-((((x - columns / 2) / (10 + 90 * phase)) ** 2 + ((y - rows / 2) / 50) ** 2) ** 2))
        grey = np.clip(picture * (1 - 0.85 * gap), 0, 255).astype(np.uint8)
        full = numbered(grey, index)
        if colour:
            full = cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR)
            full[rows // 3 : rows // 3 + 60, columns // 3 : columns // 3 + 120] = (30, 40, 220)
        encoded.append(cv2.imencode(".jpg", full, [cv2.IMWRITE_JPEG_QUALITY, 90])[1].tobytes())
    head = {"rows": rows, "columns": columns, "encoding": "jpeg", "colour": "rgb8" if colour else "grey8"}
    return pack(encoded, head)


@functools.cache
def series_pack(slices: int, size: int) -> bytes:
    """Make a 16-bit series: a disc that grows from slice to slice."""
    y, x = np.mgrid[0:size, 0:size]
    frames = []
    for index in range(slices):
        radius = size * (0.2 + 0.2 * index / slices)
        inside = np.hypot(x - size / 2, y - size / 2) < radius
        ring = 500 + 400 * np.sin(np.hypot(x - size / 2, y - size / 2) / 6)
        picture = numbered(np.where(inside, ring, 40).astype("<i2"), 0)
        frames.append(picture.astype("<i2").tobytes())
    return pack(
        frames, {"kind": "series", "rows": size, "columns": size, "encoding": "samples16", "colour": "int16"}
    )


@functools.cache
def video_pack(path: str, frames: int) -> bytes:
    """Make a clip of the first frames of a video on disk, for looking at real muscle."""
    with av.open(path) as container:
        pictures = [
            frame.to_ndarray(format="gray")
            for _, frame in zip(range(frames), container.decode(video=0), strict=False)
        ]
    encoded = [
        cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 92])[1].tobytes() for picture in pictures
    ]
    rows, columns = pictures[0].shape
    return pack(encoded, {"rows": rows, "columns": columns, "encoding": "jpeg", "colour": "grey8"})


PACKS: dict[str, bytes] = {}


def clip_of(
    data: bytes,
    *,
    interval_s: float = 1 / 30,
    scale: float | None = 0.0883,
    chapters: bool = True,
    **more: Any,
) -> dict[str, Any]:
    """Describe a pack as a scene does."""
    length = struct.unpack("<I", data[8:12])[0]
    head = json.loads(data[12 : 12 + length])
    name = hashlib.sha256(data).hexdigest()
    PACKS[name] = data
    n, rows, columns = head["frames"], head["rows"], head["columns"]
    moving = head["kind"] == "clip"
    cuts = [0, int(n * 0.3), int(n * 0.45), int(n * 0.75), n]
    names = ["rest", "contracting", "hold", "relaxing"]
    region = {"x0": 0, "y0": 0, "x1": columns - 1, "y1": rows - 1, "mm_per_px_x": scale, "mm_per_px_y": scale}
    return {
        "sha256": name,
        "url": f"/pack/{name}",
        "kind": head["kind"],
        "frames": n,
        "rows": rows,
        "columns": columns,
        "frame_starts_s": [at * interval_s for at in range(n)] if moving else None,
        "duration_s": n * interval_s if moving else None,
        "timing_source": "frame_time",
        "timing_label": "Frame Time",
        "regions": [region] if scale else [],
        "scale_source": "regions" if scale else "none",
        "scale_label": f"{scale} mm/px, ultrasound regions" if scale else "",
        "scale_refused_because": None if scale else "The file gives no scale.",
        "rescale_slope": 1,
        "rescale_intercept": 0,
        "windows": []
        if moving
        else [
            {"name": "Muscle", "center": 500, "width": 900},
            {"name": "Fluid", "center": 800, "width": 300},
        ],
        "chapters": [
            {"name": names[at], "first_frame_index": cuts[at], "last_frame_index": cuts[at + 1] - 1}
            for at in range(4)
        ]
        if moving and chapters
        else [],
        "curve": None,
        "truth_curve": None,
        "warnings": [],
        **more,
    }


def opening(clip: dict[str, Any], *, tracked: bool = True) -> dict[str, Any]:
    """Give a clip a gap that opens with its chapters: as tracked with a band, and its truth."""
    at = np.arange(clip["frames"]) / clip["frames"]
    gap = 2.1 + 9 * (np.clip((at - 0.3) / 0.15, 0, 1) - np.clip((at - 0.75) / 0.2, 0, 1))
    seen = gap + 0.25 * np.sin(at * 40)
    band = 0.25 + 0.05 * (gap - 2.1)
    ends = {"unit": "mm", "rest_frame_index": 5, "peak_frame_index": int(seen.argmax())}
    curve = {
        "values": seen.tolist(),
        "lower": (seen - band).tolist(),
        "upper": (seen + band).tolist(),
        "source_label": "as tracked",
        **ends,
    }
    truth = {
        "values": gap.tolist(),
        "lower": None,
        "upper": None,
        "source_label": "truth of the simulation",
        **ends,
    }
    return {**clip, "curve": curve if tracked else None, "truth_curve": truth}


def panel_of(role: str, clip: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Describe a panel as a scene does."""
    title = {"static": "MRI-style static view", "rest": "At rest", "contraction": "On contraction"}[role]
    return {
        "panel_id": role,
        "role": role,
        "title": title,
        "alt": f"{title} of the rectus femoris.",
        "clip_id": f"clip-{role}",
        "clip": clip,
        "first_frame_index": 0,
        "last_frame_index": clip["frames"] - 1,
        "pinned_frame_index": None,
        "start_frame_index": 0,
        "simulated": True,
        "side": "left",
        "plane": "long axis",
        "screen_left": "proximal",
        "screen_right": "distal",
        "scan_planes": [],
        "landmarks": [],
        **more,
    }


def scene_of(asked: dict[str, str]) -> dict[str, Any]:
    """Make the scene that the address asks for."""
    frames = int(asked.get("frames", "100"))
    fps = float(asked.get("fps", "30"))
    first = video_pack(asked["first"], frames) if "first" in asked else speckle_pack(frames, 600, 800, seed=1)
    second = (
        video_pack(asked["second"], frames)
        if "second" in asked
        else speckle_pack(frames, 600, 800, seed=2, colour="colour" in asked)
    )
    rest = panel_of("rest", clip_of(first, interval_s=1 / fps))
    contraction = panel_of("contraction", clip_of(second, interval_s=1 / fps))
    series = clip_of(series_pack(20, 320), scale=0.6)
    plane = {
        "frame_index": 10,
        "label": "ultrasound plane",
        "outline_px": [[90, 120], [230, 110], [235, 170], [95, 180]],
    }
    static = panel_of("static", series, start_frame_index=10, scan_planes=[plane])
    if "curve" in asked:
        contraction["clip"] = opening(contraction["clip"], tracked=asked["curve"] != "truth")
    if "pinned" in asked:
        rest["pinned_frame_index"] = 3
    if "bad" in asked:
        rest["clip"]["url"] = "/pack/none"
    for fault in ("slow", "cut", "broken"):
        if fault in asked:
            rest["clip"]["url"] += f"?{fault}={asked[fault]}"
    panels = {1: [contraction], 2: [rest, contraction], 3: [static, rest, contraction]}[
        int(asked.get("panels", "2"))
    ]
    return {
        "scene_id": asked.get("id", "stage"),
        "title": "Rectus femoris, left",
        "panels": panels,
        "link": asked.get("link", "time"),
        "autoplay": "autoplay" in asked,
        "deep_link_case": "stage-case",
        "marks": [],
    }


def damaged(data: bytes, asked: dict[str, str]) -> bytes:
    """Cut a pack after a share of it, or overwrite one of its frames."""
    if "cut" in asked:
        return data[: int(len(data) * float(asked["cut"]))]
    if "broken" in asked:
        at = 12 + struct.unpack("<I", data[8:12])[0]
        frames = json.loads(data[12:at])["frames"]
        index = at + int(asked["broken"]) * 4
        start = at + (frames + 1) * 4 + struct.unpack("<I", data[index : index + 4])[0]
        return data[:start] + bytes(2000) + data[start + 2000 :]
    return data


class Stage(http.server.BaseHTTPRequestHandler):
    """Answers the page, the player's files, scenes and packs."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer one request."""
        url = urllib.parse.urlsplit(self.path)
        asked = dict(urllib.parse.parse_qsl(url.query, keep_blank_values=True))
        if url.path == "/scene":
            return self._send(json.dumps(scene_of(asked)).encode(), "application/json")
        if url.path.startswith("/pack/"):
            data = PACKS.get(url.path.removeprefix("/pack/"))
            return self._send(
                damaged(data or b"", asked),
                "video/x-msus-pack",
                status=200 if data else 404,
                pause_s=float(asked.get("slow", "0")),
            )
        path = (
            WEB / url.path.removeprefix("/web/")
            if url.path.startswith("/web/")
            else HERE / (url.path.strip("/") or "stage.html")
        )
        found = path.is_file()
        return self._send(
            path.read_bytes() if found else b"",
            MIME.get(path.suffix, "text/plain"),
            status=200 if found else 404,
        )

    def _send(self, body: bytes, mime: str, *, status: int = 200, pause_s: float = 0) -> None:
        self.send_response(status)
        self.send_header("Content-Type", mime)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        step = 262_144
        for at in range(0, len(body), step):
            self.wfile.write(body[at : at + step])
            time.sleep(pause_s)

    def log_message(self, *_: Any) -> None:
        """Keep quiet."""


def start(port: int = 0) -> http.server.ThreadingHTTPServer:
    """Start the stage beside the caller."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Stage)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


if __name__ == "__main__":
    stage = start(int(sys.argv[1]) if len(sys.argv) > 1 else 8765)
    sys.stdout.write(f"http://127.0.0.1:{stage.server_port}/stage.html?panels=3\n")
    threading.Event().wait()
