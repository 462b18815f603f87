/** What comes from the host is checked before it is used: an answer to a call that was made, or a push that there is. */
import { type Push, pushNames } from '../../core/contract/host.ts';

export interface Answer {
  readonly id: number;
  readonly result: unknown;
}

export function readAnswer(message: unknown): Answer | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  const { id, result } = message as Readonly<Record<string, unknown>>;
  if (typeof id !== 'number' || typeof result !== 'object' || result === null) return undefined;
  return typeof (result as Readonly<Record<string, unknown>>)['ok'] === 'boolean'
    ? { id, result }
    : undefined;
}

export function readPush(message: unknown): Push | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  const { push } = message as Readonly<Record<string, unknown>>;
  return (pushNames as readonly unknown[]).includes(push) ? (message as Push) : undefined;
}
