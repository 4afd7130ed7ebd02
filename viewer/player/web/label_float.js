// Labels that stand anywhere in the picture, off each other, off the finding
// and off what is reserved, each with a leader to its mark, near it and rather
// at the dark margin than on the picture proper. The places are chosen once
// for a clip; from frame to frame only the leaders move. Pure, in CSS px.
/** @import { Box } from "./types.d.ts" */
/** @import { Ink, Rect } from "./mark_labels.js" */
import { overlap } from "./mark_labels.js";
import { cross } from "./mark_columns.js";

/** @typedef {readonly [number, number]} Place */
/** @typedef {{mark_id: string, width: number, height: number, feet: readonly (readonly Place[])[]}} Afloat  feet: where leaders may meet the mark, on two frames */
/** @typedef {Rect & {mark_id: string, at: number}} Mooring  at: which of the feet its leader goes to */
/** @typedef {{box: Box, ink: Ink, kept_free: readonly Rect[], findings: readonly (readonly Rect[])[], region: Rect | null}} Water  findings: on the two frames; region: the picture proper, beside which the margin is dark */

/** How far apart the places are that are tried: so many across and down, and not nearer than this. */
const ACROSS = 40;
const DOWN = 44;
const STEP_X_PX = 10;
const STEP_Y_PX = 8;
const EDGE_PX = 4;
/** What a label costs: px of its leader, covered lines, and standing on the picture proper rather than beside it. */
const LEADER_COST = 0.11;
const INK_COST = 0.8;
const REGION_COST = 2.5;
/** A px of a leader that runs over the finding. */
const OVER_COST = 0.12;
const ALONG_PX = 8;
const CROSS_COST = 12;
const THROUGH_COST = 14;
/** A label farther from its mark than this share of the box is no label of it any more. */
const FARTHEST = 0.5;
const ROUNDS = 3;
/** In how many orders it is tried to find places for all. */
const ORDERS = 8;

/** @typedef {readonly [Place, Place]} Leader */
/** @typedef {Mooring & {cost: number, leaders: readonly Leader[]}} Berth  leaders: on each of the two frames */

/**
 * Places for all labels, or null where they do not fit.
 * @param {readonly Afloat[]} labels @param {Water} water
 * @returns {Mooring[] | null}
 */
export function floatLabels(labels, water) {
  const offers = labels.map((label) => offersOf(label, water));
  /** @type {readonly Berth[] | null} */
  let best = null;
  for (const order of ordersOf(offers)) {
    const berths = settled(offers, order);
    if (berths !== null && (best === null || costOf(berths) < costOf(best))) best = berths;
  }
  return best?.map(({ mark_id, x, y, width, height, at }) => ({ mark_id, x, y, width, height, at })) ?? null;
}

/** Who chooses before whom: those with the fewest places first, as they come, and others that are always the same. @param {readonly (readonly Berth[])[]} offers @returns {number[][]} */
function ordersOf(offers) {
  const given = offers.map((_, at) => at);
  const fewest = [...given].sort((one, other) => (offers[one]?.length ?? 0) - (offers[other]?.length ?? 0));
  const strewn = Array.from({ length: ORDERS - 2 }, (_, n) => [...given].sort((one, other) => ((one + 1) * 7919 * (n + 2)) % 101 - ((other + 1) * 7919 * (n + 2)) % 101));
  return [fewest, given, ...strewn];
}

/** Each takes its cheapest place beside the others, round after round; null where one finds none. @param {readonly (readonly Berth[])[]} offers @param {readonly number[]} order @returns {readonly Berth[] | null} */
function settled(offers, order) {
  /** @type {Map<number, Berth>} */
  const berths = new Map();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const at of order) {
      berths.delete(at);
      const own = cheapest(offers[at] ?? [], [...berths.values()]);
      if (own !== null) berths.set(at, own);
    }
  }
  return berths.size === offers.length ? [...berths.values()] : null;
}

/** @param {readonly Berth[]} berths */
function costOf(berths) {
  return berths.reduce((sum, one, at) => berths.slice(at + 1).reduce((cost, other) => cost + tangle(one, other), sum + one.cost), 0);
}

/** Every place that a label may have by itself, cheapest first. @param {Afloat} label @param {Water} water @returns {Berth[]} */
function offersOf({ mark_id, width, height, feet }, { box, ink, kept_free, findings, region }) {
  const farthest = FARTHEST * Math.max(box.width, box.height);
  const [step_x, step_y] = [Math.max(STEP_X_PX, box.width / ACROSS), Math.max(STEP_Y_PX, box.height / DOWN)];
  const offers = [];
  for (let y = EDGE_PX; y + height <= box.height - EDGE_PX; y += step_y) {
    for (let x = EDGE_PX; x + width <= box.width - EDGE_PX; x += step_x) {
      const rect = { x, y, width, height };
      if (kept_free.some((each) => overlap(rect, each))) continue;
      const { at, far } = nearest(rect, feet);
      if (far > farthest) continue;
      const leaders = feet.map((places) => /** @type {Leader} */ ([moorOf(rect, places[at] ?? [x, y]), places[at] ?? [x, y]]));
      const over_px = leaders.reduce((sum, leader, frame) => sum + lengthOver(leader, findings[frame] ?? []), 0);
      const cost = far * LEADER_COST + over_px * OVER_COST + ink.under(rect) * INK_COST + shareIn(rect, region) * REGION_COST;
      offers.push({ mark_id, ...rect, at, cost, leaders });
    }
  }
  return offers.sort((one, other) => one.cost - other.cost);
}

/** @param {readonly Berth[]} offers  cheapest first @param {readonly Berth[]} others @returns {Berth | null} */
function cheapest(offers, others) {
  let best = null;
  let best_cost = Infinity;
  for (const offer of offers) {
    if (offer.cost >= best_cost) break;
    if (others.some((other) => overlap(offer, other))) continue;
    const cost = others.reduce((sum, other) => sum + tangle(offer, other), offer.cost);
    if (cost < best_cost) [best, best_cost] = [offer, cost];
  }
  return best;
}

/** What the leaders of two labels do to each other. @param {Berth} one @param {Berth} other */
function tangle(one, other) {
  let cost = 0;
  for (const [frame, leader] of one.leaders.entries()) {
    const across = other.leaders[frame];
    if (across === undefined) continue;
    if (cross(...leader, ...across)) cost += CROSS_COST;
    if (runsThrough(across, one)) cost += THROUGH_COST;
    if (runsThrough(leader, other)) cost += THROUGH_COST;
  }
  return cost;
}

/** Px of a leader that lie on the finding. @param {Leader} leader @param {readonly Rect[]} findings */
function lengthOver([[x0, y0], [x1, y1]], findings) {
  if (findings.length === 0) return 0;
  const steps = Math.floor(Math.hypot(x1 - x0, y1 - y0) / ALONG_PX);
  let over = 0;
  for (let step = 1; step < steps; step += 1) {
    const [x, y] = [x0 + ((x1 - x0) * step) / steps, y0 + ((y1 - y0) * step) / steps];
    if (findings.some((rect) => x > rect.x && x < rect.x + rect.width && y > rect.y && y < rect.y + rect.height)) over += ALONG_PX;
  }
  return over;
}

/** The foot that is nearest to a label on both frames, and its mean distance. @param {Rect} rect @param {readonly (readonly Place[])[]} feet */
function nearest({ x, y, width, height }, feet) {
  let nearest_at = 0;
  let nearest_far = Infinity;
  for (let at = 0; at < (feet[0]?.length ?? 0); at += 1) {
    let far = at; // the first are the best
    for (const places of feet) {
      const [foot_x, foot_y] = places[at] ?? [x, y];
      far += Math.hypot(Math.max(x - foot_x, foot_x - x - width, 0), Math.max(y - foot_y, foot_y - y - height, 0)) / feet.length;
    }
    if (far < nearest_far) [nearest_at, nearest_far] = [at, far];
  }
  return { at: nearest_at, far: nearest_far };
}

/** Where a leader leaves a label: the point of its edge that is nearest to the foot. @param {Rect} rect @param {Place} foot @returns {Place} */
export function moorOf({ x, y, width, height }, [foot_x, foot_y]) {
  return [Math.min(Math.max(foot_x, x), x + width), Math.min(Math.max(foot_y, y), y + height)];
}

/** @param {Rect} rect @param {Rect | null} region */
function shareIn({ x, y, width, height }, region) {
  if (region === null) return 0;
  const across = Math.min(x + width, region.x + region.width) - Math.max(x, region.x);
  const down = Math.min(y + height, region.y + region.height) - Math.max(y, region.y);
  return (Math.max(across, 0) * Math.max(down, 0)) / (width * height);
}

/** Whether a leader goes through a label. @param {Leader} leader @param {Rect} rect */
function runsThrough([from, to], { x, y, width, height }) {
  const corners = /** @type {const} */ ([[x, y], [x + width, y], [x + width, y + height], [x, y + height]]);
  const inside = (/** @type {Place} */ [px, py]) => px > x && px < x + width && py > y && py < y + height;
  return inside(from) || inside(to) || corners.some((corner, at) => cross(from, to, corner, corners[(at + 1) % 4] ?? corner));
}
