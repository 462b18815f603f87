/** What stands beside a name in the ring, and only where it tells more than the bead. */
import type { Spoke, WatchedRound } from '../../../core/contract/watched.ts';
import type { Texts } from '../../messages/translate.ts';

/** '' where there is nothing to say. worded: what the bead shows already may be said in words too. */
export function noteOf(spoke: Spoke, round: WatchedRound, texts: Texts, worded = true): string {
  const { t } = texts;
  const { phase, progress, reason, connected, fault, sinceMs } = spoke;
  switch (phase) {
    case 'recovered':
      return t(reason?.kind === 'refused' ? 'watch.note.refused-rebuilt' : 'watch.note.left-rebuilt');
    case 'refused': {
      const signature = reason?.reason === 'bad-signature' || reason?.reason === 'bad-attachment';
      return t(signature ? 'watch.note.signature' : 'watch.phase.refused');
    }
    case 'dropped':
      return t('watch.note.left', { time: clock(sinceMs - round.startedMs) });
    default:
  }
  if (!connected) return t('watch.note.offline');
  if (fault === 'slow' && phase !== 'verified') return t('watch.note.slow');
  switch (phase) {
    case 'training':
      if (progress === null) return worded ? t('watch.phase.training') : '';
      return progress <= 0 ? '' : texts.formats.percent(Math.round(progress * 100) / 100);
    case 'masking':
    case 'signing':
    case 'sending':
      return worded ? t(`watch.phase.${phase}`) : '';
    default:
      return '';
  }
}

/** 0:11, 12:05, 1:02:03 */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const rest = two(seconds % 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}
