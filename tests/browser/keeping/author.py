"""An author in the tests: what she draws, what she sees of its keeping, and what the server has of it."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
from playwright.sync_api import Locator, Page, expect

CASE = "written"
LIMIT_MS = 30_000
GESTURES = "**/gestures"
# What the drawing tools do at the end of a stroke, by the same door.
KEEP = """async (gestures) => {
  const { openKeeping } = await import("/_stcore/bidi-components/viewer.player/keeping/keeping.js");
  const keeping = globalThis.msusKeeping ??= openKeeping({ case_id: "written" });
  await keeping.ready;
  for (const gesture of gestures) keeping.keep(gesture);
}"""
LAYERS = """async () => {
  const { openKeeping } = await import("/_stcore/bidi-components/viewer.player/keeping/keeping.js");
  const keeping = globalThis.msusKeeping ??= openKeeping({ case_id: "written" });
  await keeping.ready;
  return keeping.layers().flatMap(({ document }) => document.marks.map(({ id, label }) => [id, label]));
}"""
OpenTab = Callable[[], Page]


def stroke(item: str, label: str, *bases: str, x_px: float = 100.0) -> dict[str, Any]:
    points = [[x_px, 200.0], [x_px + 200.0, 260.0]]
    content = {
        "id": item,
        "clip": "contraction",
        "kind": "caliper",
        "label": label,
        "style": {"colour": "yellow", "line": "solid"},
        "place": {"on": "frame", "frame_index": 3, "points_px": points},
    }
    said = {"id": str(uuid4()), "case": CASE, "layer": "teacher", "item": item, "kind": "mark"}
    return {**said, "bases": list(bases), "author": "A. Teacher", "content": content}


def bar(page: Page) -> Locator:
    return page.get_by_role("group", name="How your marks are kept")


def expect_said(page: Page, text: str) -> None:
    expect(bar(page)).to_contain_text(text, timeout=LIMIT_MS)


def history(server: httpx.Client, item: str) -> list[str]:
    answer = server.get(f"/api/cases/{CASE}/history/teacher/{item}").json()
    return [revision["id"] for revision in answer["revisions"]]


def labels(page: Page, item: str) -> list[str]:
    return [label for name, label in page.evaluate(LAYERS) if name == item]
