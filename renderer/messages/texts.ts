/**
 * How a message becomes a text. A message is a plain string with {placeholders}, or two such strings for the plural
 * forms of its number {count}. en.ts is the source: keys and placeholders are types, so that a missing parameter or a
 * wrong key does not compile; fr.ts must have the same keys, and a test compares the placeholders.
 *
 * Parameters that are numbers are written as the language writes them; strings go in as they are and are not escaped:
 * whoever puts a text into a page escapes it. French messages are typed with ordinary spaces: the narrow no-break
 * spaces before : ; ! ? % and inside quotation marks are put in here, and never into a parameter.
 *
 * Holds no messages: reports and the command line have all of them (translate.ts), the interface those that it has
 * fetched (parts.ts).
 */
import type { en } from './en.ts';
import { type Formats, formatsOf, type Language, type Medium, narrowSpace, plainSpaces } from './formats.ts';

export type Message = string | { readonly one: string; readonly other: string };
export type MessageKey = keyof typeof en;
export type Messages = Readonly<Partial<Record<MessageKey, Message>>>;

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
  /** Whether there is a message of that key: for keys put together at run time. */
  readonly has: (key: string) => boolean;
}

/** t() throws RangeError for a message that is not among these. */
export function createTexts(language: Language, messages: Messages, medium: Medium = 'page'): Texts {
  const formats = formatsOf(language, medium);
  const t: Translate = (key, ...[parameters]) => {
    const message = messages[key];
    if (message === undefined) throw new RangeError(`there is no message ${key} in ${language}`);
    const values: Readonly<Record<string, string | number>> = parameters ?? {};
    const template = typeof message === 'string' ? message : message[formats.plural(Number(values['count']))];
    const set = typeset(template, language);
    return (medium === 'page' ? set : plainSpaces(set)).replace(/\{([\w-]+)\}/g, (_, name: string) => {
      const value = values[name] ?? '';
      return typeof value === 'number' ? formats.number(value) : value;
    });
  };
  return { t, formats, has: (key) => Object.hasOwn(messages, key) };
}

function typeset(template: string, language: Language): string {
  if (language === 'en') return template.replaceAll(' %', `${narrowSpace}%`);
  return template.replace(/ ([:;!?%»])/g, `${narrowSpace}$1`).replaceAll('« ', `«${narrowSpace}`);
}
