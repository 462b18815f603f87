/** How an activity ended: what was reached, beside what no learning would reach, and what was not revealed. */
import type { Watched } from '../../../core/contract/watched.ts';
import type { Texts } from '../../messages/translate.ts';
import type { Headline } from './headline.ts';
import { majorityText, outcomeText } from './parts.ts';

/** A person, or the end of the plan; everything else is the code of an abort. */
const ordinary = ['finished', 'target', 'stopped', 'cancelled', 'left'];

export function endedHeadline(watched: Watched, texts: Texts): Headline {
  const { t, formats } = texts;
  const { finished, settings } = watched;
  const outcome = watched.outcome?.outcome ?? 'stopped';
  const last = finished.at(-1);
  const count = finished.length;
  if (!ordinary.includes(outcome)) {
    const reason = outcomeText(outcome, texts);
    return {
      head: t('watch.head.ended.aborted', { reason }),
      lead: t('watch.lead.ended.aborted', { count }),
    };
  }
  if (last === undefined) return { head: t('watch.head.ended.early'), lead: t('watch.lead.ended.early') };
  const numbers = { count, accuracy: formats.percent(last.accuracy) };
  const head =
    outcome === 'target'
      ? t('watch.head.ended.target', numbers)
      : outcome === 'finished'
        ? t('watch.head.ended', numbers)
        : t('watch.head.ended.stopped', numbers);
  const majority = majorityText(finished, texts) ?? '';
  const sentence = t(settings.masks ? 'watch.lead.ended' : 'watch.lead.ended.clear', { majority });
  const room = watched.kind === 'coordinator' || watched.kind === 'participant';
  const unseen = room && watched.outcome?.identitiesCompared === false;
  return { head, lead: unseen ? t('watch.lead.ended.not-compared', { sentence }) : sentence };
}
