/** The interface's texts, fetched in parts: one language, and the attack lab's only once it is opened. */
import type { Language } from './formats.ts';
import type { Messages } from './texts.ts';

/** 'interface': all screens but the lab's. */
export type TextPart = 'interface' | 'lab';

const fetches: Readonly<Record<Language, Readonly<Record<TextPart, () => Promise<Messages>>>>> = {
  en: {
    interface: async () => (await import('./interface-en.ts')).interfaceEnglish,
    lab: async () => (await import('./lab-en.ts')).wholeLabEnglish,
  },
  fr: {
    interface: async () => (await import('./interface-fr.ts')).interfaceFrench,
    lab: async () => (await import('./lab-fr.ts')).wholeLabFrench,
  },
};

/**
 * Rejects where they cannot be fetched: then, in this page, for good, as browsers remember modules that failed; another
 * try is a page that is loaded anew. What is here already is not fetched again.
 */
export function fetchTexts(language: Language, part: TextPart): Promise<Messages> {
  return fetches[language][part]();
}
