/** Names come from other machines and can be long: cut where there is little room, whole in the detail. */

/** Characters of a name in a sentence. */
const inSentence = 28;

/** As people count characters, never within one; directions of writing stay inside the name. */
export function shortenName(name: string, language: string, longest = inSentence): string {
  const characters = [...new Intl.Segmenter(language).segment(name)];
  if (characters.length <= longest) return name;
  return `${characters
    .slice(0, longest - 1)
    .map(({ segment }) => segment)
    .join('')
    .trimEnd()}…`;
}
