/**
 * Numbers, sizes, times and lists as a language writes them. A no-break space stands before units, a narrow one before
 * per cent signs, in both languages; four decimals in tables, one in sentences.
 */
export type Language = 'en' | 'fr';
/** A terminal gets ordinary spaces: not every one has a glyph for the others. */
export type Medium = 'page' | 'terminal';

/** U+202F: stands before %, and in French before : ; ! ? too. */
export const narrowSpace = '\u202f';
/** U+00A0: stands before a unit. */
const hardSpace = '\u00a0';

/** Every no-break space, narrow or not, as an ordinary one. */
export function plainSpaces(text: string): string {
  return text.replace(/[\u00a0\u202f]/g, ' ');
}

export interface Formats {
  readonly language: Language;
  /** 241546 -> 241,546; at most one decimal. */
  readonly number: (value: number) => string;
  /** A score in a table: 0.9801. */
  readonly score: (value: number) => string;
  /** With that many decimals. */
  readonly fixed: (value: number, decimals: number) => string;
  /** A share in a sentence: 0.9801 -> 98.0 %; whole shares (0.05) without decimals. */
  readonly percent: (share: number) => string;
  /** Three significant digits: 0.000001234 -> mantissa 1.23, exponent -6; exponent 0 between 0.001 and 9,999. */
  readonly scientific: (value: number) => { readonly mantissa: string; readonly exponent: number };
  /** 966184 -> 966 kB (1 kB = 1,000 bytes). */
  readonly bytes: (count: number) => string;
  /** 1234 ms -> 1,234 ms; 0.42 -> 0.42 ms. */
  readonly milliseconds: (ms: number) => string;
  /** 12.3 s below a minute, then 4:37, then 1:04:37. */
  readonly duration: (seconds: number) => string;
  /** A moment given as ISO 8601, in universal time. */
  readonly moment: (iso: string) => string;
  /** The same for a list on screen, in local time: today, 10:12; yesterday, 16:40; 20 November; 20 November 2025. */
  readonly when: (iso: string, now: Date) => string;
  /** a, b and c */
  readonly list: (items: readonly string[]) => string;
  /** The plural form that a count takes. */
  readonly plural: (count: number) => 'one' | 'other';
}

export function formatsOf(language: Language, medium: Medium = 'page'): Formats {
  const locale = language === 'en' ? 'en-GB' : 'fr-FR';
  const plurals = new Intl.PluralRules(locale);
  const oneDecimal = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const lists = new Intl.ListFormat(locale, { type: 'conjunction' });
  const moments = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
  const days = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'short' });
  const date = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long' });
  const dateWithYear = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', year: 'numeric' });
  const fixedFormats = new Map<number, Intl.NumberFormat>();

  const spaced = (text: string): string => (medium === 'page' ? text : plainSpaces(text));
  /** The minus sign, not the hyphen, in both languages. */
  const typeset = (text: string): string => spaced(text.replace('-', '\u2212'));
  const fixed = (value: number, decimals: number): string => {
    const format =
      fixedFormats.get(decimals) ??
      new Intl.NumberFormat(locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    fixedFormats.set(decimals, format);
    return typeset(format.format(value));
  };
  const withUnit = (number: string, unit: string): string => spaced(`${number}${hardSpace}${unit}`);
  const threeDigits = (value: number): string => fixed(value, value >= 100 ? 0 : value >= 10 ? 1 : 2);

  return {
    language,
    number: (value) => typeset(oneDecimal.format(value)),
    score: (value) => fixed(value, 4),
    fixed,
    percent(share) {
      const percent = share * 100;
      const decimals = Math.abs(percent - Math.round(percent)) < 1e-9 ? 0 : 1;
      return spaced(`${fixed(percent, decimals)}${narrowSpace}%`);
    },
    scientific(value) {
      const magnitude = Math.abs(value);
      if (magnitude === 0) return { mantissa: '0', exponent: 0 };
      if (magnitude >= 0.001 && magnitude < 10_000) {
        const decimals = Math.max(0, 2 - Math.floor(Math.log10(magnitude)));
        return { mantissa: fixed(value, decimals), exponent: 0 };
      }
      const [mantissa = '0', exponent = '0'] = value.toExponential(2).split('e');
      return { mantissa: fixed(Number(mantissa), 2), exponent: Number(exponent) };
    },
    bytes(count) {
      const byte = language === 'en' ? 'B' : 'o';
      if (count < 1000) return withUnit(oneDecimal.format(Math.round(count)), byte);
      if (count < 1e6) return withUnit(threeDigits(count / 1e3), `k${byte}`);
      return count < 1e9
        ? withUnit(threeDigits(count / 1e6), `M${byte}`)
        : withUnit(threeDigits(count / 1e9), `G${byte}`);
    },
    milliseconds: (ms) => withUnit(threeDigits(ms), 'ms'),
    duration(seconds) {
      if (seconds < 59.95) return withUnit(fixed(seconds, 1), 's');
      const whole = Math.round(seconds);
      const two = (value: number): string => String(value).padStart(2, '0');
      const hours = Math.floor(whole / 3600);
      const minutes = Math.floor(whole / 60) % 60;
      return hours > 0
        ? `${hours}:${two(minutes)}:${two(whole % 60)}`
        : withUnit(`${minutes}:${two(whole % 60)}`, 'min');
    },
    moment: (iso) => spaced(`${moments.format(new Date(iso))} UTC`),
    when(iso, now) {
      const then = new Date(iso);
      const ago = daysBetween(then, now);
      if (ago === 0 || ago === 1) return `${days.format(-ago, 'day')}, ${clock.format(then)}`;
      return (then.getFullYear() === now.getFullYear() ? date : dateWithYear).format(then);
    },
    list: (items) => lists.format(items),
    plural: (count) => (plurals.select(count) === 'one' ? 'one' : 'other'),
  };
}

/** Midnights between two moments, by the local calendar. */
function daysBetween(then: Date, now: Date): number {
  const midnight = (moment: Date): number =>
    Date.UTC(moment.getFullYear(), moment.getMonth(), moment.getDate());
  return Math.round((midnight(now) - midnight(then)) / 86_400_000);
}
