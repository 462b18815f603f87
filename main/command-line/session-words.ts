/** Codes of sessions in words: phases, problems. A code that has no words is shown as it is. */
import type { MessageKey, Texts } from '../../renderer/messages/translate.ts';
import { codeText } from '../../renderer/wording/watching/parts.ts';
import type { SessionRole } from '../storage/store.ts';

/** Keys without placeholders are what these families have. */
type WordsOf<Family extends string> = Extract<MessageKey, `${Family}.${string}`>;

function keyOf<Family extends string>(
  family: Family,
  code: string,
  { has }: Texts,
): `${Family}.${string}` | undefined {
  const key = `${family}.${code}` as const;
  return has(key) ? key : undefined;
}

export function phaseText(phase: string, texts: Texts): string {
  const key = keyOf('phase', phase, texts);
  return key === undefined ? phase : texts.t(key as WordsOf<'phase'>);
}

/** Why a participant's machine does not enter an epoch (core/secagg/lobby.ts). */
const lobbyReasons = [
  'roster-refused',
  'not-included',
  'acknowledgement-differs',
  'opening-differs',
  'draws-exhausted',
  'too-few-members',
  'parameters-impossible',
];

/** What went wrong and what to do, for an error event; undefined where only the event itself knows. */
export function problemText(
  code: string,
  role: SessionRole,
  texts: Texts,
): { readonly message: string; readonly hint: string } | undefined {
  const { t } = texts;
  const own = keyOf(`problem.${role}`, code, texts);
  if (own !== undefined) {
    const key = own as 'problem.coordinator.words-differ';
    return {
      message: t(key),
      hint: t(`problem.${role}.hint.${code}` as 'problem.coordinator.hint.words-differ'),
    };
  }
  if (role === 'coordinator' || !lobbyReasons.includes(code)) return undefined;
  return {
    message: t('problem.participant.lobby', { reason: codeText(code, texts) }),
    hint: t('problem.participant.hint.lobby'),
  };
}
