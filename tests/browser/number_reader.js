// Reads from the drawn pixels which frame each panel shows, and beside it which frame the panel names.
// The frames carry a strip along their top edge, as wide as the picture: white, black, then the bits of the index.
(() => {
  const BLOCKS = 10;
  const places = new WeakMap();

  function* roots(root = document) {
    yield root;
    for (const element of root.querySelectorAll("*")) if (element.shadowRoot) yield* roots(element.shadowRoot);
  }
  const find = (selector) => [...roots()].flatMap((root) => [...root.querySelectorAll(selector)]);

  /** Where the strip lies on the canvas: the first row with a white run that is a tenth of what follows. */
  function locate(canvas) {
    const { width, height } = canvas;
    const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
    const lit = (x, y) => data[4 * (y * width + x)] > 200;
    for (let y = 0; y < height; y += 1) {
      let start = 0;
      while (start < width && !lit(start, y)) start += 1;
      let end = start;
      while (end < width && lit(end, y)) end += 1;
      const block = end - start;
      if (block >= 6 && start + BLOCKS * block <= width + BLOCKS) return { start, block, y: y + Math.floor(block / 3) };
    }
    return null;
  }

  function read(canvas, mirrored) {
    const key = `${canvas.width}×${canvas.height}`;
    let place = places.get(canvas);
    if (place?.key !== key) {
      const found = locate(canvas);
      if (!found) return null;
      place = { ...found, key };
      places.set(canvas, place);
    }
    const row = canvas.getContext("2d").getImageData(0, place.y, canvas.width, 1).data;
    let values = [...Array(BLOCKS).keys()].map((k) => row[4 * Math.round(place.start + (k + 0.5) * place.block)]);
    if (mirrored) values = values.reverse();
    if (!(values[0] > 200 && values[1] < 60)) {
      places.delete(canvas);
      return null;
    }
    return values.slice(2).reduce((index, value) => 2 * index + (value > 127 ? 1 : 0), 0);
  }

  window.msusShown = () =>
    Object.fromEntries(
      find(".msus-panel:not([data-role=static])").map((panel) => [
        panel.dataset.panelId,
        {
          drawn: read(panel.querySelector("canvas.msus-picture"), false),
          named: Number(panel.querySelector(".msus-readout")?.textContent.match(/frame (\d+)\/\d+/)?.[1] ?? NaN) - 1,
          decoded: Number(panel.dataset.decoded),
        },
      ]),
    );

  const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));

  /** Waits until nothing has changed from one display frame to the next then tells. */
  window.msusAtRest = async (limit_ms = 5000) => {
    const end = performance.now() + limit_ms;
    let before = "";
    let still = 0;
    for (;;) {
      await frame();
      const shown = window.msusShown();
      const now = JSON.stringify(Object.values(shown).map(({ drawn, named }) => [drawn, named]));
      still = now === before ? still + 1 : 0;
      if (still >= 1 || performance.now() > end) return shown;
      before = now;
    }
  };
})();
