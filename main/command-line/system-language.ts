/** The language of the system, as its environment tells: one of those that the interface speaks. */

/** LC_ALL before LC_MESSAGES before LANG, as POSIX has them; where none is set (Windows), what Intl was set up with. */
export function systemLanguage(
  environment: Readonly<Record<string, string | undefined>>,
  usual: string = Intl.DateTimeFormat().resolvedOptions().locale,
): 'en' | 'fr' {
  const set = ['LC_ALL', 'LC_MESSAGES', 'LANG'].map((name) => environment[name] ?? '');
  // an empty one counts as not set
  const chosen = set.find((text) => text !== '') ?? usual;
  return /^fr\b|^fr_/i.test(chosen) ? 'fr' : 'en';
}
