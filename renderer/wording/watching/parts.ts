/** What sentences about an activity under way are put together from. */
import { majorityBaseline } from '../../../core/results/figures.ts';
import type { FinishedRound, Watched, WatchedRound } from '../../../core/contract/watched.ts';
import type { MessageKey, Texts } from '../../messages/translate.ts';
import { shortenName } from './names.ts';

type CodeKey = Extract<MessageKey, `code.${string}` | `watch.code.${string}`>;
type OutcomeKey = Extract<MessageKey, `session.outcome.${string}`>;

/** Why somebody was refused, left, or lost the connection; a code that has no words is shown as it is. */
export function codeText(code: string, { t, has }: Texts): string {
  const key = [`code.${code}`, `watch.code.${code}`].find(has);
  return key === undefined ? code : t(key as CodeKey);
}

/** How it ended: 'finished', 'target', 'stopped', or the code of an abort. */
export function outcomeText(outcome: string, texts: Texts): string {
  const key = `session.outcome.${outcome}`;
  return texts.has(key) ? texts.t(key as OutcomeKey) : codeText(outcome, texts);
}

/** Up to twenty as a word. */
export function countWord(count: number, { t, formats }: Texts): string {
  const words = t('number-words').split(',');
  return words[count]?.toLocaleLowerCase(formats.language) ?? formats.number(count);
}

/** At most three by name, then how many more. */
export function joinNames(names: readonly string[], total: number, { t, formats }: Texts): string {
  const shown = names.slice(0, total > 3 ? 2 : 3).map((name) => shortenName(name, formats.language));
  const more = total - shown.length;
  return formats.list(more > 0 ? [...shown, t('watch.others', { count: more })] : shown);
}

export function nameOf(watched: Watched, client: number, { t, formats }: Texts): string {
  const name = watched.roster?.members.find((member) => member.number === client)?.name;
  return name === undefined ? t('client', { client }) : shortenName(name, formats.language);
}

/** T; as many as take part where nobody has said so yet. */
export function thresholdOf({ prepared, settings }: Watched): number {
  return prepared?.threshold ?? settings.threshold ?? Math.floor((2 * settings.clients) / 3) + 1;
}

/** Share of the most frequent class, a percentage; undefined before a round is finished. */
export function majorityText(finished: readonly FinishedRound[], { formats }: Texts): string | undefined {
  const last = finished.at(-1);
  if (last === undefined) return undefined;
  return formats.percent(majorityBaseline(last, Math.round(Math.sqrt(last.confusion.length))).accuracy);
}

/** Still in it: neither gone nor refused. */
export function remaining({ spokes }: WatchedRound): number {
  return spokes.filter(({ phase }) => !['dropped', 'refused', 'recovered'].includes(phase)).length;
}
