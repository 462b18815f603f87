/** Why a result could not be shown, deleted or taken away, in the person's language. */
import type { Texts } from '../messages/translate.ts';

export interface ResultProblem {
  readonly code: string;
  /** In English: said where there are no other words. */
  readonly message: string;
}

const known = [
  'result-unknown',
  'result-open',
  'no-model',
  'sessions-only',
  'too-large',
  'database-damaged',
  'disk-full',
] as const;

export function resultProblemText({ code, message }: ResultProblem, { t }: Texts): string {
  if (code === 'host-lost') return t('shell.lost');
  const name = known.find((one) => one === code);
  return name === undefined ? message : t(`runs.failed.${name}`);
}

export function resultProblemOf(error: unknown): ResultProblem {
  if (!(error instanceof Error)) return { code: '', message: String(error) };
  return { code: 'code' in error ? String(error.code) : '', message: error.message };
}
