/** What the coordinator machine's steps have in common: asking clients, reporting, and ending an attempt. */
import type { ProtocolEvent } from '../contract/run-result.ts';
import { FederationError } from '../errors/federation-error.ts';
import type { CoordinatorAbortReason, RetryRule } from '../errors/protocol-reasons.ts';
import type { ClientSet } from '../wire/client-set.ts';
import { sealMessage } from '../wire/envelope.ts';
import type { Body, MessageType, Phase } from '../wire/messages.ts';
import type { Refusal } from '../wire/refusal.ts';
import type { CoordinatorEffect, CoordinatorEnvironment } from './coordinator-events.ts';
import type {
  AttemptingState,
  CoordinatorAttempt,
  CoordinatorRecord,
  CoordinatorState,
} from './coordinator-state.ts';

export interface CoordinatorStep {
  readonly state: CoordinatorState;
  /** To be carried out in order; a `persist` is on disk before any later one is begun. */
  readonly effects: readonly CoordinatorEffect[];
}

/** The attempt as it enters a phase in which these clients' messages are waited for. */
export function awaiting(attempt: CoordinatorAttempt, clients: ClientSet): CoordinatorAttempt {
  const waiting = new Set(clients.filter((client) => !attempt.gone.has(client)));
  return { ...attempt, waiting, received: new Map() };
}

/** Sends the same message to these clients. */
export function broadcast<Type extends MessageType>(
  type: Type,
  body: Body<Type>,
  to: ClientSet,
  attempt: CoordinatorAttempt,
  { signer }: CoordinatorEnvironment,
  attachment?: Uint8Array,
): CoordinatorEffect {
  const bytes = sealMessage(type, attempt.position, body, signer, attachment);
  return sendBytes(bytes, to, attempt);
}

/** Sends bytes to clients that are still there, and remembers them for reconnections. */
export function sendBytes(bytes: Uint8Array, to: ClientSet, attempt: CoordinatorAttempt): CoordinatorEffect {
  const present = to.filter((client) => !attempt.gone.has(client));
  for (const client of present) attempt.lastSent.set(client, bytes);
  return { kind: 'send', to: present, bytes };
}

export function awaitEffect(phase: Phase, attempt: CoordinatorAttempt): CoordinatorEffect {
  return { kind: 'await', phase, clients: [...attempt.waiting] };
}

export function report(
  kind: ProtocolEvent['kind'],
  { attempt: { position }, phase }: AttemptingState,
  about: { readonly client?: number; readonly detail?: ProtocolEvent['detail'] } = {},
): CoordinatorEffect {
  const { round, attempt } = position;
  return { kind: 'report', event: { round, attempt, phase, kind, detail: {}, ...about } };
}

/** The event does not fit the state, which stays as it is. */
export function turnedDown(
  state: CoordinatorState,
  reason: Refusal | 'not-expected',
  client?: number,
): CoordinatorStep {
  return { state, effects: [{ kind: 'refused', reason, ...(client === undefined ? {} : { client }) }] };
}

/** Ends the attempt by name, tells the clients, and says what may be tried again. `detail`: for the report alone. */
export function abort(
  state: AttemptingState,
  reason: CoordinatorAbortReason,
  environment: CoordinatorEnvironment,
  counts: { readonly needed: number; readonly got: number },
  detail: ProtocolEvent['detail'] = {},
): CoordinatorStep {
  const { record, attempt, phase } = state;
  const { round, attempt: number } = attempt.position;
  const rule = retryRule(record, reason);
  const error = new FederationError(
    'attempt-aborted',
    `Cannot finish round ${round}, attempt ${number}, in its phase ${phase}: ${reason} (needed ${counts.needed}, got ${counts.got}).`,
    {
      details: { phase, reason, ...counts },
      blame: reason === 'cancelled' ? 'user' : 'client',
      action: rule === 'burnt' ? 'abort' : 'retry',
    },
  );
  return {
    state: { phase: 'idle', record, retry: { model: attempt.model, rule } },
    effects: [
      broadcast('abort', { reason }, environment.epoch.everyone, attempt, environment),
      report('aborted', state, { detail: { reason, retry: rule, ...detail } }),
      { kind: 'abort', error, retry: rule },
    ],
  };
}

/**
 * "One sum per round": once statements have been asked for, only the same survivors may be tried. A sum that was refused
 * would be the same in a further attempt.
 */
export function retryRule({ signed }: CoordinatorRecord, reason?: CoordinatorAbortReason): RetryRule {
  if (reason === 'aggregate-implausible') return 'burnt';
  if (signed === null) return 'allowed';
  return reason === 'survivors-differ' ? 'burnt' : 'same-survivors';
}
