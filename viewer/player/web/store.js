// One frozen state, requests in, subscribers out.

/**
 * @template State
 * @typedef {object} Store
 * @property {() => State} state
 * @property {(change: (state: State) => State) => void} request  change is pure; the same object means no change
 * @property {<Part>(select: (state: State) => Part, tell: (part: Part, state: State) => void) => () => void} watch
 *   tells at once and whenever the selected part changes; gives what ends it
 * @property {(tell: (state: State) => void) => () => void} subscribe
 * @property {() => void} close  no subscriber hears anything any more
 */

/**
 * @template State
 * @param {State} initial
 * @returns {Store<State>}
 */
export function createStore(initial) {
  let state = Object.freeze(initial);
  /** @type {Set<(state: State) => void>} */
  const subscribers = new Set();
  let telling = false;
  let again = false;

  function tellAll() {
    // A subscriber may request; its change is told after this round, to all.
    if (telling) {
      again = true;
      return;
    }
    telling = true;
    try {
      do {
        again = false;
        for (const tell of [...subscribers]) tell(state);
      } while (again);
    } finally {
      telling = false;
    }
  }

  /** @param {(state: State) => void} tell */
  function subscribe(tell) {
    subscribers.add(tell);
    return () => void subscribers.delete(tell);
  }

  return {
    state: () => state,
    request(change) {
      const next = change(state);
      if (Object.is(next, state)) return;
      state = Object.freeze(next);
      tellAll();
    },
    watch(select, tell) {
      let part = select(state);
      tell(part, state);
      return subscribe((now) => {
        const next = select(now);
        if (Object.is(next, part)) return;
        part = next;
        tell(part, now);
      });
    },
    subscribe,
    close: () => subscribers.clear(),
  };
}
