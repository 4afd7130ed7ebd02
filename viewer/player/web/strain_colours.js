// Colours of strain: blue where the tissue is shorter than at rest, orange
// where it is longer, grey where it is as long. Steps of equal strain are steps
// of equal difference to the eye (straight lines in Oklab, Ottosson 2020), the
// two hues stay apart for colour-blind eyes, and the lightness hardly changes,
// so that the speckle below is still seen.

/** Strain at the two ends; what lies beyond has the colour of the end. */
export const LIMIT = 0.3;
const STEPS = 61;
/** Lightness, green to red, blue to yellow. @type {Record<string, readonly [number, number, number]>} */
const ENDS = Object.freeze({ shorter: [0.66, -0.07, -0.17], as_long: [0.62, 0, 0], longer: [0.72, 0.09, 0.15] });

/** @param {readonly [number, number, number]} lab @returns {readonly [number, number, number]} red, green, blue, 0 to 255 */
function srgb([lightness, a, b]) {
  const [l, m, s] = [lightness + 0.3963377774 * a + 0.2158037573 * b, lightness - 0.1055613458 * a - 0.0638541728 * b, lightness - 0.0894841775 * a - 1.291485548 * b].map((root) => root ** 3);
  const linear = [
    4.0767416621 * (l ?? 0) - 3.3077115913 * (m ?? 0) + 0.2309699292 * (s ?? 0),
    -1.2684380046 * (l ?? 0) + 2.6097574011 * (m ?? 0) - 0.3413193965 * (s ?? 0),
    -0.0041960863 * (l ?? 0) - 0.7034186147 * (m ?? 0) + 1.707614701 * (s ?? 0),
  ];
  const [red = 0, green = 0, blue = 0] = linear.map((value) => Math.round(255 * gamma(Math.min(Math.max(value, 0), 1))));
  return [red, green, blue];
}

/** @param {number} value */
function gamma(value) {
  return value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055;
}

const COLOURS = Object.freeze(Array.from({ length: STEPS }, (_, at) => {
  const share = (at / (STEPS - 1)) * 2 - 1;
  const [from, to] = [ENDS.as_long ?? [0, 0, 0], (share < 0 ? ENDS.shorter : ENDS.longer) ?? [0, 0, 0]];
  const mixed = [0, 1, 2].map((axis) => (from[axis] ?? 0) + Math.abs(share) * ((to[axis] ?? 0) - (from[axis] ?? 0)));
  return `rgb(${srgb(/** @type {[number, number, number]} */ (mixed)).join(" ")})`;
}));

/** Colour of a strain. @param {number} strain  0.1 is ten per cent longer @returns {string} as CSS writes it */
export function strainColour(strain) {
  const share = (Math.min(Math.max(strain / LIMIT, -1), 1) + 1) / 2;
  return COLOURS[Math.round(share * (STEPS - 1))] ?? "";
}

/** The whole scale, from shorter to longer. @returns {string} as CSS writes it */
export function strainGradient() {
  return `linear-gradient(to right, ${COLOURS.filter((_, at) => at % 5 === 0).join(", ")})`;
}
