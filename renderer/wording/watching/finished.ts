/** A finished round in one sentence, and how it stands to what was before. */
import type { Watched } from '../../../core/contract/watched.ts';
import type { Texts } from '../../messages/translate.ts';
import type { Headline } from './headline.ts';
import { majorityText } from './parts.ts';

export function finishedHeadline({ finished }: Watched, round: number, texts: Texts): Headline {
  const { t, formats } = texts;
  const index = finished.findIndex((result) => result.round === round);
  const result = finished[index];
  if (result === undefined) return { head: '', lead: '' };
  const head = t('watch.head.finished', { accuracy: formats.percent(result.accuracy) });
  const before = finished[index - 1];
  if (before === undefined) {
    const majority = majorityText([result], texts) ?? '';
    return { head, lead: t('watch.lead.finished.first', { majority }) };
  }
  const difference = Math.round((result.accuracy - before.accuracy) * 1_000) / 10;
  if (difference === 0) return { head, lead: t('watch.lead.finished.same', { before: before.round }) };
  const points = t('points', { count: Math.abs(difference) });
  const key = difference > 0 ? 'watch.lead.finished.up' : 'watch.lead.finished.down';
  return { head, lead: t(key, { points, before: before.round }) };
}
