/** All texts in both languages, for reports, the command line and whatever else runs on Node; how they are made: texts.ts. */
import { en } from './en.ts';
import type { Language, Medium } from './formats.ts';
import { fr } from './fr.ts';
import { createTexts, type Texts } from './texts.ts';

export type { Message, MessageKey, Texts } from './texts.ts';

const messages = { en, fr } as const;
const known = new Map<string, Texts>();

export function textsOf(language: Language, medium: Medium = 'page'): Texts {
  const key = `${language} ${medium}`;
  const texts = known.get(key) ?? createTexts(language, messages[language], medium);
  known.set(key, texts);
  return texts;
}
