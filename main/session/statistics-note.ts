/** What a session says of a model with batch normalisation (core/model/layers/normalisations.ts). */
import type { SessionEventBody } from '../../core/contract/session-event.ts';

/** movingStatistics: how many of the model's numbers are any; undefined for none. */
export function statisticsNote(
  movingStatistics: number,
): Extract<SessionEventBody, { type: 'note' }> | undefined {
  if (movingStatistics === 0) return undefined;
  return {
    type: 'note',
    text: `The model has batch normalisation: ${movingStatistics} of its numbers are means and variances that each machine's own data give, and are part of every update.`,
    code: 'moving-statistics',
    detail: { count: movingStatistics },
  };
}
