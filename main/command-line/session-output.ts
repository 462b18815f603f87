/** What `coordinate` and `join` print as JSON, and how they end. */
import type { SessionEvent } from '../../core/contract/session-event.ts';
import { isFederationError } from '../../core/errors/federation-error.ts';
import type { Language } from '../../renderer/messages/formats.ts';
import type { CommandContext } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { inLanguage } from './session-errors.ts';

/** One line; a protocol event's fields lie beside `type`, like those of every other. */
export function flatEvent(event: SessionEvent): string {
  if (event.type !== 'protocol') return JSON.stringify(event);
  const { event: inner, ...rest } = event;
  return JSON.stringify({ ...rest, ...inner });
}

export function sessionExitCode(outcome: string, interrupted: boolean): number {
  if (interrupted) return exitCodes.cancelled;
  return outcome === 'finished' || outcome === 'target' || outcome === 'stopped'
    ? exitCodes.success
    : exitCodes.aborted;
}

const correctThis: Readonly<Record<Language, string>> = {
  en: 'Correct this, then try again.',
  fr: 'Corrigez cela, puis réessayez.',
};

/** With --json, what ends a command early is a line too. language: of the session, as far as it is known by then. */
export async function reportErrors(
  json: true | undefined,
  { print }: CommandContext,
  run: () => Promise<void>,
  language: () => Language,
): Promise<void> {
  try {
    await run();
  } catch (thrown) {
    const error = isFederationError(thrown) ? inLanguage(thrown, language()) : thrown;
    if (json && isFederationError(error)) {
      const { code, message } = error;
      const hint = error.action === 'correct' ? correctThis[language()] : '';
      print(
        JSON.stringify({ type: 'error', at: new Date().toISOString(), session: '', code, message, hint }),
      );
    }
    throw error;
  }
}
