/** What a session over the network is as an activity, whichever part this machine has in it. */
import type { EngineChoice, EngineUsed } from '../../core/contract/engines.ts';
import type { SessionPlan } from '../../core/contract/session-plan.ts';
import { sessionPlanSchema } from '../../core/contract/session-plan.ts';
import { type RunSettings, runSettingsSchema } from '../../core/contract/run-settings.ts';
import type { SessionEvent, SessionEventBody } from '../../core/contract/session-event.ts';
import type { Opened, Prepared } from '../../core/contract/watch-event.ts';
import type { Dataset } from '../../core/datasets/dataset.ts';
import { FederationError, isFederationError } from '../../core/errors/federation-error.ts';
import { memberParameters, type PlanBasis } from '../session/member-plan.ts';
import type { SessionRow } from '../storage/store.ts';
import type { Activity } from './activity.ts';
import type { HostServices } from './services.ts';

/** What is known of a session before its service runs. */
export type SessionOpened = Omit<Opened, 'type' | 'startedAt'>;

/**
 * How long whoever is missing is waited for, ms. A person sits at the screen and can end the session; a laptop may be
 * closed over lunch.
 */
export const patienceMs = 24 * 3_600_000;

/** A session of this machine's store that has not ended. Throws 'session-unknown', 'session-over', ZodError. */
export function openSession(store: HostServices['store'], session: string): SessionRow {
  const row = store.session(session);
  if (row === undefined) {
    throw new FederationError(
      'session-unknown',
      `Cannot go on with ${session}: this machine has no such session.`,
      {
        details: { session },
        blame: 'user',
        action: 'correct',
      },
    );
  }
  if (row.state === 'lobby' || row.state === 'running') return row;
  const outcome = row.endedReason ?? row.state;
  throw new FederationError('session-over', `Cannot go on with ${session}: it has ended (${outcome}).`, {
    details: { session, outcome },
    blame: 'user',
    action: 'correct',
  });
}

export function openedFrom(row: SessionRow): SessionOpened {
  const plan = planOf(row);
  const { title, demonstration, role } = row;
  return { kind: role, title, settings: settingsOf(plan), demonstration, pace: 'full' };
}

export function planOf({ plan }: Pick<SessionRow, 'plan'>): SessionPlan {
  return sessionPlanSchema.parse(JSON.parse(plan));
}

/** A plan as the settings of a run: the number of clients is whoever comes. */
export function settingsOf({ settings, data, model }: SessionPlan): RunSettings {
  const dataset = data.name === 'MNIST' ? 'mnist' : data.name;
  return runSettingsSchema.parse({ ...settings, dataset, model: model.name });
}

/** This person's choice for all runs; undefined: as many as the machine takes. */
export function processesOf(services: HostServices): number | undefined {
  return services.preferences().processes ?? undefined;
}

export function engineOf(services: HostServices): EngineChoice {
  return services.preferences().engine;
}

/** members: undefined before their number is known. */
export function preparedEvent(
  {
    basis,
    dataset,
    engine,
  }: { readonly basis: PlanBasis; readonly dataset: Dataset; readonly engine: EngineUsed },
  members: number | undefined,
): Prepared {
  const { name, classNames, train, test } = dataset;
  const { height, width, channels } = train;
  return {
    type: 'prepared',
    dataset: { name, train: train.count, test: test.count, classNames, height, width, channels },
    model: { name: basis.plan.model.name, parameters: basis.parameterCount },
    engine,
    threshold: members === undefined ? null : memberParameters(basis, members).threshold,
    participants: members ?? null,
  };
}

/** The event without what every event of a session has: an activity has its own clock. */
export function bodyOf(event: SessionEvent): SessionEventBody {
  const { at: _at, session: _session, ...body } = event;
  return body;
}

/** What ended a session that could not go on: said, and the end. */
export function emitFailure(activity: Activity, error: unknown, services: HostServices): void {
  activity.emit({ type: 'error', ...described(error, services) });
  if (activity.watched.stage === 'ended') return;
  const code = isFederationError(error) ? error.code : 'fault';
  activity.emit({ type: 'finished', outcome: code, final: null, identitiesCompared: false });
}

function described(
  error: unknown,
  services: HostServices,
): Omit<Extract<SessionEventBody, { type: 'error' }>, 'type'> {
  if (isFederationError(error)) {
    const hint = error.action === 'correct' ? 'Correct this, then try again.' : '';
    const { reason } = error.details as { readonly reason?: unknown };
    return {
      code: error.code,
      message: error.message,
      hint,
      ...(typeof reason === 'string' ? { reason } : {}),
    };
  }
  services.log(
    `fault in a session: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  );
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'fault', message: `This is a fault of Masquerade: ${message}`, hint: '' };
}
