/** Codes of sessions in words: phases, reasons, outcomes, problems. A code that has no words is shown as it is. */
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
