/** Closing the window while something goes on: what to ask, and what each answer means. */
import type { ActivitySummary } from '../../core/contract/host.ts';
import type { Texts } from '../../renderer/messages/translate.ts';

/** leave: sessions can go on at the next start; stop: everything is ended for good. */
export type ClosingAnswer = 'leave' | 'stop' | 'stay';

export interface ClosingQuestion {
  readonly message: string;
  readonly detail: string;
  /** In this order; the last one stays. */
  readonly answers: readonly { readonly answer: ClosingAnswer; readonly label: string }[];
}

/** undefined where nothing goes on, so that nobody need be asked. */
export function closingQuestion(
  activities: readonly ActivitySummary[],
  t: Texts['t'],
): ClosingQuestion | undefined {
  const open = activities.filter(({ stage }) => stage !== 'ended');
  const session = open.find(({ kind }) => kind === 'coordinator' || kind === 'participant');
  const stay = { answer: 'stay', label: t('desktop.cancel') } as const;
  if (session !== undefined)
    return {
      message: t('desktop.close.session'),
      detail: t('desktop.close.session.detail', { title: session.title }),
      answers: [
        { answer: 'leave', label: t('desktop.close.leave') },
        { answer: 'stop', label: t('desktop.close.stop') },
        stay,
      ],
    };
  const [run] = open;
  if (run === undefined) return undefined;
  return {
    message: t('desktop.close.run', { title: run.title }),
    detail: t('desktop.close.run.detail'),
    answers: [{ answer: 'stop', label: t('desktop.close.stop-run') }, stay],
  };
}
