/**
 * The texts of the interface and of reports. A message is a plain string with {placeholders}, or two such strings
 * for the plural forms of its number {count}. en.ts is the source: keys and placeholders are types, so that a missing
 * parameter or a wrong key does not compile; fr.ts must have the same keys, and a test compares the placeholders.
 *
 * Parameters that are numbers are written as the language writes them; strings go in as they are and are not escaped:
 * whoever puts a text into a page escapes it. French messages are typed with ordinary spaces: the narrow no-break
 * spaces before : ; ! ? % and inside quotation marks are put in here, and never into a parameter.
 */
import { en } from './en.ts';
import { type Formats, formatsOf, type Language, type Medium, narrowSpace, plainSpaces } from './formats.ts';
import { fr } from './fr.ts';

export type Message = string | { readonly one: string; readonly other: string };
export type MessageKey = keyof typeof en;

type PlaceholdersIn<Text> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PlaceholdersIn<Rest>
  : never;
type PlaceholdersOf<Key extends MessageKey> = (typeof en)[Key] extends string
  ? PlaceholdersIn<(typeof en)[Key]>
  : PlaceholdersIn<(typeof en)[Key][keyof (typeof en)[Key]]> | 'count';
type MessageParameters<Key extends MessageKey> = Readonly<
  Record<Exclude<PlaceholdersOf<Key>, 'count'>, string | number> &
    Record<Extract<PlaceholdersOf<Key>, 'count'>, number>
>;
/** No second argument for a message without placeholders. */
type ParameterList<Key extends MessageKey> = [PlaceholdersOf<Key>] extends [never]
  ? []
  : [MessageParameters<Key>];

type Translate = <Key extends MessageKey>(key: Key, ...parameters: ParameterList<Key>) => string;

export interface Texts {
  readonly t: Translate;
  readonly formats: Formats;
}

const messages: Readonly<Record<Language, Readonly<Record<MessageKey, Message>>>> = { en, fr };
const known = new Map<string, Texts>();

export function textsOf(language: Language, medium: Medium = 'page'): Texts {
  const key = `${language} ${medium}`;
  const texts = known.get(key) ?? createTexts(language, medium);
  known.set(key, texts);
  return texts;
}

function createTexts(language: Language, medium: Medium): Texts {
  const formats = formatsOf(language, medium);
  const t: Translate = (key, ...[parameters]) => {
    const message = messages[language][key];
    const values: Readonly<Record<string, string | number>> = parameters ?? {};
    const template = typeof message === 'string' ? message : message[formats.plural(Number(values['count']))];
    const set = typeset(template, language);
    return (medium === 'page' ? set : plainSpaces(set)).replace(/\{([\w-]+)\}/g, (_, name: string) => {
      const value = values[name] ?? '';
      return typeof value === 'number' ? formats.number(value) : value;
    });
  };
  return { t, formats };
}

function typeset(template: string, language: Language): string {
  if (language === 'en') return template.replaceAll(' %', `${narrowSpace}%`);
  return template.replace(/ ([:;!?%»])/g, `${narrowSpace}$1`).replaceAll('« ', `«${narrowSpace}`);
}
