/** What `coordinate` and `join` print as JSON, and how they end. */
import type { SessionEvent } from '../../core/contract/session-event.ts';
import { isFederationError } from '../../core/errors/federation-error.ts';
import type { CommandContext } from './context.ts';
import { exitCodes } from './exit-codes.ts';

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

/** With --json, what ends a command early is a line too. */
export async function reportErrors(
  json: true | undefined,
  { print }: CommandContext,
  run: () => Promise<void>,
): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (json && isFederationError(error)) {
      const { code, message } = error;
      const hint = error.action === 'correct' ? 'Correct this, then try again.' : '';
      print(
        JSON.stringify({ type: 'error', at: new Date().toISOString(), session: '', code, message, hint }),
      );
    }
    throw error;
  }
}
