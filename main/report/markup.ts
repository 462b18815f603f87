/**
 * Markup that cannot be injected into: the template tag escapes every value that is not itself markup. Names of
 * classes, data sets and models come from strangers, so nothing in a report is joined together in another way.
 * Attribute values must be quoted in the templates.
 */
const trusted = Symbol('markup');

export interface Markup {
  readonly [trusted]: true;
  readonly text: string;
}

/** undefined and false render as nothing; lists are joined. */
export type MarkupValue = Markup | string | number | false | undefined | readonly MarkupValue[];

export function markup(strings: TemplateStringsArray, ...values: readonly MarkupValue[]): Markup {
  return trustedMarkup(
    strings.map((part, index) => part + (index < values.length ? render(values[index]) : '')).join(''),
  );
}

/** For text that this program made itself (a drawn chart, a style sheet), never for anything read from a result. */
export function trustedMarkup(text: string): Markup {
  return { [trusted]: true, text };
}

export function escapeText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

function render(value: MarkupValue): string {
  if (value === undefined || value === false) return '';
  if (typeof value === 'string') return escapeText(value);
  if (typeof value === 'number') return String(value);
  return isList(value) ? value.map(render).join('') : value.text;
}

function isList(value: Markup | readonly MarkupValue[]): value is readonly MarkupValue[] {
  return Array.isArray(value);
}
