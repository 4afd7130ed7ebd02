// What things are called: the built-in concepts come from the server, where
// annotations/concept.py has them; words of one's own go to the private scheme.
/** @import { Concept, Term } from "./types.d.ts" */

const PRIVATE_SCHEME = "99MSUS";
const CODE_LENGTH = 16;

/** @type {Promise<readonly Term[]> | null} */
let asked = null;

/** @returns {Promise<readonly Term[]>} none where the server cannot be reached; free words stay possible */
export function builtInTerms() {
  asked ??= fetch("/api/concepts", { credentials: "same-origin" }).then((answer) => (answer.ok ? answer.json() : [])).catch(() => {
    asked = null;
    return [];
  });
  return asked;
}

/** @param {string} words @param {readonly Term[]} known @returns {Concept | null} null for no words */
export function conceptOf(words, known) {
  const text = words.trim();
  if (text === "") return null;
  const found = known.find((each) => [each.term, each.meaning].some((name) => name.toLowerCase() === text.toLowerCase()));
  if (found !== undefined) return { scheme: found.scheme, code: found.code, meaning: found.meaning };
  const code = text.toUpperCase().normalize("NFKD").replace(/[^A-Z0-9]+/g, "_").replace(/^_+|_+$/g, "").slice(0, CODE_LENGTH);
  return { scheme: PRIVATE_SCHEME, code: code === "" ? "WORDS" : code, meaning: text.slice(0, 64) };
}

/** @param {Concept} concept @param {readonly Term[]} known @returns {string} the name that the menu shows it under, else its meaning */
export function termOf(concept, known) {
  return known.find((each) => each.scheme === concept.scheme && each.code === concept.code)?.term ?? concept.meaning;
}
