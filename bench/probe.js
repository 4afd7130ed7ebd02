// Reads the number of the frame shown from the pixels shown; the same script watches every contestant.
//
// It is injected before the page's own scripts. What it costs: while something is
// awaited or recorded, one animation frame callback, one message and one 10 × 1
// drawImage a picture. A number counts as drawn when the first task after the
// animation frame begins in which every picture shows it: what the reading
// itself takes is nobody's time.
(() => {
  if (window !== window.top || window.benchProbe) return;
  const settings = window.benchProbeSettings;
  const BLOCKS = settings.blocks;
  const WHITE = 200;
  const EVENTS = ["keydown", "pointerdown", "pointerup"];

  const strip = tinyCanvas(BLOCKS, 1);
  const glimpse = tinyCanvas(40, 30);
  /** Where the strip lies in a picture; forgotten when the picture's size changes. */
  const places = new WeakMap();

  function tinyCanvas(width, height) {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [width, height];
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.imageSmoothingEnabled = false;
    return context;
  }

  // --- finding ------------------------------------------------------------
  function* roots(root = document) {
    yield root;
    for (const element of root.querySelectorAll("*")) if (element.shadowRoot) yield* roots(element.shadowRoot);
  }

  function findAll(selector) {
    const found = [];
    for (const root of roots()) found.push(...root.querySelectorAll(selector));
    return found;
  }

  let known = [];
  function pictures() {
    if (known.length < settings.count || known.some((picture) => !picture.isConnected)) {
      known = findAll(settings.pictures).slice(0, settings.count);
    }
    return known;
  }

  // --- reading ------------------------------------------------------------
  function sizeOf(picture) {
    return picture instanceof HTMLImageElement
      ? [picture.naturalWidth, picture.naturalHeight]
      : [picture.width, picture.height];
  }

  /** The whole strip in the pixels of the picture: white block, then black block, ten of them from edge to edge. */
  function locate(picture, width, height) {
    if (picture instanceof HTMLImageElement) return { x: 0, block: width / BLOCKS, y: (height * settings.strip_share) / 2 };
    glimpse.clearRect(0, 0, 40, 30);
    glimpse.drawImage(picture, 0, 0, 40, 30);
    if (!glimpse.getImageData(0, 0, 40, 30).data.some((value, i) => i % 4 === 0 && value > WHITE)) return null;
    const copy = tinyCanvas(width, height);
    copy.drawImage(picture, 0, 0);
    const samples = copy.getImageData(0, 0, width, height).data;
    const lit = (x, y) => samples[4 * (y * width + x)] > WHITE && samples[4 * (y * width + x) + 3] > WHITE;
    for (let y = 0; y < height; y += 2) {
      let x = 0;
      while (x < width && !lit(x, y)) x += 1;
      let end = x;
      while (end < width && lit(end, y)) end += 1;
      const block = end - x;
      if (block >= 8 && x + BLOCKS * block <= width + BLOCKS) return { x, block, y: y + block / 4 };
    }
    return null;
  }

  /** Number of the frame in a picture, or null while none can be read. */
  function read(picture) {
    if (picture instanceof HTMLImageElement && !picture.complete) return null;
    const [width, height] = sizeOf(picture);
    if (!width || !height) return null;
    let place = places.get(picture);
    if (!place || place.width !== width || place.height !== height) {
      const located = locate(picture, width, height);
      if (!located) return null;
      place = { ...located, width, height };
      places.set(picture, place);
    }
    strip.clearRect(0, 0, BLOCKS, 1);
    strip.drawImage(picture, place.x, place.y, BLOCKS * place.block, 1, 0, 0, BLOCKS, 1);
    const number = decode(strip.getImageData(0, 0, BLOCKS, 1).data);
    if (number === null) places.delete(picture);
    return number;
  }

  function decode(samples) {
    const [white, black] = [samples[0], samples[4]];
    if (white - black < 60) return null;
    const bits = [];
    for (let i = 2; i < BLOCKS; i += 1) bits.push(samples[4 * i] > (white + black) / 2 ? 1 : 0);
    const parity = bits.pop();
    if (bits.reduce((sum, bit) => sum + bit, 0) % 2 !== parity) return null;
    return bits.reduce((number, bit) => 2 * number + bit, 0);
  }

  const numbers = () => pictures().map(read);
  /** The number that every picture shows, or null. */
  function together() {
    const shown = numbers();
    return shown.length === settings.count && shown.every((n) => n !== null && n === shown[0]) ? shown[0] : null;
  }

  // --- one task after each animation frame ----------------------------------
  let visit = null; // called with the time at which its task begins; returns false when it has seen enough
  const channel = new MessageChannel();
  channel.port1.onmessage = () => {
    if (visit && visit(performance.now()) === false) visit = null;
    if (visit) nextFrame();
  };
  const nextFrame = () => requestAnimationFrame(() => channel.port2.postMessage(0));
  function watch(callback) {
    const running = visit !== null;
    visit = callback;
    if (!running) nextFrame();
  }

  // --- loading --------------------------------------------------------------
  const marks = {};
  function watchLoading(now_ms) {
    const mark = (name) => (marks[name] ??= now_ms);
    const shown = settings.count ? numbers() : [];
    if (shown.some((number) => number !== null)) mark("first_picture_ms");
    if (settings.count && shown.length === settings.count && !shown.includes(null)) mark("all_pictures_ms");
    if (settings.ready && marks.all_ready_ms === undefined && findAll(settings.ready).length) mark("all_ready_ms");
    if (settings.element && marks.element_ms === undefined && findAll(settings.element).length) mark("element_ms");
    return settings.awaited.some((name) => marks[name] === undefined);
  }

  // --- responding -----------------------------------------------------------
  let awaiting = null;
  for (const type of EVENTS) {
    window.addEventListener(type, (event) => {
      if (!awaiting) return;
      awaiting.times[type] ??= event.timeStamp;
      if (!awaiting.watching) {
        awaiting.watching = true;
        watch(lookForChange);
      }
    }, { capture: true, passive: true });
  }

  function lookForChange(now_ms) {
    const shown = together();
    if (shown === null || shown === awaiting.before) return true;
    const told = { ...awaiting.times, before: awaiting.before, shown, drawn: now_ms };
    const { done } = awaiting;
    requestAnimationFrame(() => done({ ...told, displayed: performance.now() }));
    awaiting = null;
    return false;
  }

  /** Await the next picture; `answer` then tells when it was drawn and when the events before it happened. */
  function arm() {
    const before = together();
    visit = null;
    let done;
    answer = new Promise((resolve) => { done = resolve; });
    awaiting = { before, times: {}, watching: false, done };
    return before;
  }
  let answer = Promise.resolve(null);

  // --- recording ------------------------------------------------------------
  let tape = [];
  function record() {
    tape = [];
    watch((now_ms) => {
      tape.push([now_ms, ...numbers()]);
      return true;
    });
  }
  function stop() {
    visit = null;
    return tape;
  }

  window.benchProbe = {
    arm, record, stop, numbers, together, findAll,
    marks: () => marks,
    loaded: () => settings.awaited.every((name) => marks[name] !== undefined),
    answer: (limit_ms) => Promise.race([answer, new Promise((resolve) => setTimeout(resolve, limit_ms, null))]),
  };
  watch(watchLoading);
})();
