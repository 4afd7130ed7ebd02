"""How fast the frames can be decoded at all: by the browser, and by libjpeg-turbo in one thread."""

import time
from collections.abc import Sequence

import simplejpeg
from playwright.sync_api import Browser, Page

from bench.browser import LOAD_LIMIT_MS, cold_page

_IMAGE_DECODER = """async () => {
  if (typeof ImageDecoder === "undefined") return null;
  const blob = await (await fetch("/rest.bin")).arrayBuffer();
  const count = new DataView(blob).getUint32(0, true);
  const lengths = new Uint32Array(blob, 4, count);
  let start = 4 + 4 * count;
  const begun_ms = performance.now();
  for (const length of lengths) {
    const decoder = new ImageDecoder({ data: new Uint8Array(blob, start, length), type: "image/jpeg" });
    (await decoder.decode()).image.close();
    decoder.close();
    start += length;
  }
  return (count * 1000) / (performance.now() - begun_ms);
}"""


def browser_decoding(browser: Browser, bare_url: str) -> dict[str, float]:
    """Decode both clips on a bare page at once, and one clip frame by frame with WebCodecs."""
    with cold_page(browser) as page:
        page.goto(f"{bare_url}/bare.html?clips=rest,contraction")
        page.wait_for_selector("html[data-all-ready]", state="attached", timeout=LOAD_LIMIT_MS)
        both_ms = float(page.evaluate("Number(document.documentElement.dataset.decodeMs)"))
    with cold_page(browser) as page:
        page.goto(f"{bare_url}/bare.html?clips=rest")
        page.wait_for_selector("html[data-all-ready]", state="attached", timeout=LOAD_LIMIT_MS)
        frames_per_s = _image_decoder(page)
    figures = {"decode_both_clips_ms": both_ms}
    return figures if frames_per_s is None else {**figures, "image_decoder_frames_per_s": frames_per_s}


def simplejpeg_decoding(jpegs: Sequence[bytes]) -> dict[str, float]:
    """Decode the same frames with simplejpeg in one thread."""
    begun_s = time.perf_counter()
    for jpeg in jpegs:
        simplejpeg.decode_jpeg(jpeg, colorspace="GRAY")
    return {"decode_frames_per_s": len(jpegs) / (time.perf_counter() - begun_s)}


def _image_decoder(page: Page) -> float | None:
    frames_per_s = page.evaluate(_IMAGE_DECODER)
    return None if frames_per_s is None else float(frames_per_s)
