/**
 * Names that people give themselves, made fit to show to others: no invisible or reordering characters, bounded, and
 * no two alike on one list. A name is not an identity: look-alikes across scripts (Latin a, Cyrillic a) pass, which is
 * why rosters show fingerprints and people compare words.
 */

/** Both in code points and in UTF-16 units. */
export const LONGEST_NAME = 60;
/** Accents on one letter; more pile up over the neighbouring lines. */
const MOST_MARKS = 4;

/**
 * Controls, formats (bidirectional overrides, zero-width joiners), surrogates, private and unassigned (C); what
 * renderers draw as nothing (default ignorable, the braille blank).
 */
const INVISIBLE = /[\p{C}\p{Default_Ignorable_Code_Point}\u2800]/gu;
const TOO_MANY_MARKS = new RegExp(`(\\p{M}{${MOST_MARKS}})\\p{M}+`, 'gu');
const LEADING_MARKS = /^[\p{M}\s]+/u;

/** The name as it may be shown; `fallback` when nothing visible is left of it. Applying it again changes nothing. */
export function sanitiseName(name: string, fallback: string): string {
  const cleaned = name
    // a megabyte of a name is not searched through; nobody's 60 characters start that late
    .slice(0, 20 * LONGEST_NAME)
    .toWellFormed()
    .replace(/\s+/gu, ' ')
    .replace(INVISIBLE, '')
    .replaceAll('\ufffd', '')
    .replace(LEADING_MARKS, '')
    .normalize('NFC')
    .replace(TOO_MANY_MARKS, '$1')
    .replace(/\s+/gu, ' ')
    .normalize('NFC')
    .trim();
  return cut(cleaned, LONGEST_NAME) || fallback;
}

/** A sanitised name, with " (2)", " (3)", ... where one of `taken` reads alike. */
export function uniqueName(name: string, taken: Iterable<string>): string {
  const keys = new Set([...taken].map(comparable));
  for (let number = 1; ; number += 1) {
    const suffix = number === 1 ? '' : ` (${number})`;
    const candidate = `${cut(name, LONGEST_NAME - suffix.length)}${suffix}`;
    if (!keys.has(comparable(candidate))) return candidate;
  }
}

/** Equal for names that differ only by case, width or other compatibility forms ("ADA" in full width, "ﬁ" for "fi"). */
function comparable(name: string): string {
  return name.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC').replace(/\s+/gu, ' ').trim();
}

/** The first whole code points that fit into so many UTF-16 units. */
function cut(text: string, units: number): string {
  if (text.length <= units) return text;
  let kept = '';
  for (const character of text) {
    if (kept.length + character.length > units) break;
    kept += character;
  }
  return kept.trim();
}
