// Long work gives way: the page draws and answers between its pieces.

/** Work at a stretch: half of a picture of a 60 Hz display. */
const STRETCH_MS = 8;
/** A hidden page draws nothing; then nobody waits for its drawing. */
const DRAW_LIMIT_MS = 100;

/**
 * To be awaited between pieces of work; gives way where the stretch has been long enough. A page that is not seen
 * has nothing to draw, and its timers come once a second: there the work goes on.
 * @returns {() => Promise<void> | undefined}
 */
export function makePace() {
  let begun_ms = performance.now();
  return () => {
    if (performance.now() - begun_ms < STRETCH_MS || globalThis.document?.hidden) return undefined;
    return new Promise((resolve) => setTimeout(() => {
      begun_ms = performance.now();
      resolve();
    }));
  };
}

/** Settles when what was asked for has been drawn. @returns {Promise<void>} */
export function drawn() {
  return new Promise((resolve) => {
    const limit = setTimeout(resolve, DRAW_LIMIT_MS);
    requestAnimationFrame(() => {
      clearTimeout(limit);
      setTimeout(resolve);
    });
  });
}
