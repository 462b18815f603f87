/** Codes of sessions in words: phases, reasons, outcomes, problems. A code that has no words is shown as it is. */
import type { SessionEvent } from '../../core/contract/session-event.ts';
import { en } from '../../renderer/messages/en.ts';
import type { MessageKey, Texts } from '../../renderer/messages/translate.ts';

/** Keys without placeholders are what these families have. */
type WordsOf<Family extends string> = Extract<MessageKey, `${Family}.${string}`>;

function has<Family extends string>(family: Family, code: string): `${Family}.${string}` | undefined {
  const key = `${family}.${code}` as const;
  return Object.hasOwn(en, key) ? key : undefined;
}

/** Why somebody was refused, left, or lost the connection. */
export function codeText(code: string, { t }: Texts): string {
  const key = has('code', code);
  return key === undefined ? code : t(key as WordsOf<'code'>);
}

export function phaseText(phase: string, { t }: Texts): string {
  const key = has('phase', phase);
  return key === undefined ? phase : t(key as WordsOf<'phase'>);
}

/** How a session ended: 'finished', 'target', 'stopped', 'left', 'unfinished', or the code of an abort. */
export function outcomeText(outcome: string, texts: Texts): string {
  const key = has('session.outcome', outcome);
  return key === undefined ? codeText(outcome, texts) : texts.t(key as WordsOf<'session.outcome'>);
}

/** A note in the screen's language where it has a code, else as it came. */
export function noteText(note: Extract<SessionEvent, { type: 'note' }>, { t }: Texts): string {
  const { text, code, detail = {} } = note;
  const number = (name: string): number => Number(detail[name] ?? 0);
  if (code === undefined) return text;
  switch (code) {
    case 'waiting-for-members':
      return t('note.waiting-for-members', { present: number('present'), needed: number('needed') });
    case 'more-refused':
      return t('note.more-refused', { count: number('count') });
    case 'compute-replaced':
      return t('terminal.replaced', { reason: String(detail['reason'] ?? '') });
    case 'coordinator-away':
      return t('note.coordinator-away');
    case 'images-left-out':
      return t('note.images-left-out', {
        count: number('count'),
        drawings: number('drawings'),
        most: number('most'),
      });
    case 'drawings-left-out':
      return t('note.drawings-left-out', { count: number('count'), most: number('most') });
  }
}

/** What went wrong and what to do, for an error event; undefined where only the event itself knows. */
export function problemText(
  code: string,
  role: 'coordinator' | 'participant',
  { t }: Texts,
): { readonly message: string; readonly hint: string } | undefined {
  const own = has(`problem.${role}`, code);
  if (own !== undefined) {
    const key = own as 'problem.coordinator.words-differ';
    return {
      message: t(key),
      hint: t(`problem.${role}.hint.${code}` as 'problem.coordinator.hint.words-differ'),
    };
  }
  return undefined;
}
