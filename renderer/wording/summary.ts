/** A past run in a line of a list: what it was, and how it ended. */
import type { ResultSummary } from '../../core/contract/results.ts';
import type { Texts } from '../messages/translate.ts';

export function kindOf({ kind, role }: ResultSummary, { t }: Texts): string {
  return kind === 'session' ? t(`runs.kind.${role ?? 'participant'}`) : t(`runs.kind.${kind}`);
}

/** undefined where it ran to its end. */
export function endingOf(
  { ended, roundsDone: done, rounds, resumable }: ResultSummary,
  { t }: Texts,
): { readonly text: string; readonly wrong: boolean } | undefined {
  switch (ended) {
    case null:
      return undefined;
    case 'target':
      return { text: t('runs.ended.target', { count: done }), wrong: false };
    case 'cancelled':
    case 'stopped':
      return { text: t('runs.ended.stopped', { done, rounds }), wrong: false };
    case 'left':
      return { text: t('runs.ended.left', { done, rounds }), wrong: false };
    case 'unfinished':
      return {
        text: t(resumable ? 'runs.ended.cut-short' : 'runs.ended.running', { done, rounds }),
        wrong: false,
      };
    default:
      return { text: t('runs.ended.aborted', { done, rounds }), wrong: true };
  }
}
