/**
 * What a participant does with a session's plan before it asks to be let in: reads it strictly, refuses what it has not
 * agreed to, loads and checks its data and the model, and starts the process that will train.
 */
import { utf8 } from '../../core/bytes/bytes.ts';
import { type EngineChoice, engineText, type EngineUsed } from '../../core/contract/engines.ts';
import type { SessionEventBody } from '../../core/contract/session-event.ts';
import { type SessionPlan, sessionPlanSchema } from '../../core/contract/session-plan.ts';
import { idleLossSetting, isNoised } from '../../core/contract/run-settings.ts';
import { selfTest } from '../../core/crypto/self-test.ts';
import { FederationError } from '../../core/errors/federation-error.ts';
import type { ModelTopology, TrainingTask } from '../../core/model/engine.ts';
import { initialWeights } from '../../core/model/initial-weights.ts';
import { canonicalArchitecture } from '../../core/model/model-hash.ts';
import { streamState } from '../../core/random/stream.ts';
import type { EngineSpeeds } from '../compute/engine-speeds.ts';
import { chooseEngine, engineUsed } from '../compute/engines.ts';
import { dataBytesOf, planProcesses } from '../compute/machine.ts';
import { type ComputePool, createComputePool } from '../compute/pool.ts';
import { planBasis, type PlanBasis, planTopology } from '../session/member-plan.ts';
import { type DataChoice, loadParticipantData, type ParticipantData } from '../session/own-data.ts';

export type EngineNote = Pick<Extract<SessionEventBody, { type: 'note' }>, 'text' | 'code' | 'detail'>;

export interface Prepared {
  readonly basis: PlanBasis;
  readonly data: ParticipantData;
  readonly topology: ModelTopology;
  readonly architecture: Uint8Array;
  readonly pool: ComputePool;
  readonly engine: EngineUsed;
  /** What trains, and why. */
  readonly engineNote: EngineNote;
}

export interface PreparationOptions {
  readonly data: DataChoice;
  readonly agreeToDemonstration: boolean;
  readonly privacyBudget?: number | undefined;
  readonly engine: EngineChoice | undefined;
  /** Of this machine: for the choice of an engine; without, the one that is usually fastest is taken. */
  readonly engineSpeeds?: EngineSpeeds | undefined;
  readonly processes: number;
  /** Training gives way to what a person sees and does at this machine. */
  readonly background: boolean;
  /** A compute process died, and another takes its place. */
  readonly onReplaced: (reason: string) => void;
}

/** The plan in a welcome. Throws 'plan-refused'. */
export function readPlan(text: string): SessionPlan {
  let written: unknown;
  try {
    written = JSON.parse(text);
  } catch {
    throw planRefused('it is not JSON');
  }
  const read = sessionPlanSchema.safeParse(written);
  if (read.success) {
    const { settings } = read.data;
    const idle = idleLossSetting(settings);
    if (idle !== undefined)
      throw planRefused(`its ${idle.name} is of another loss than ${settings.loss}, which it asks for`);
    return read.data;
  }
  const path = read.error.issues[0]?.path.join('.') ?? '';
  throw planRefused(`its ${path === '' ? 'fields' : path} are not what this version of Masquerade knows`);
}

/** Throws 'demonstration-refused' unless the person has agreed to one, and 'plan-refused' for a hidden one. */
export function checkProtections(plan: SessionPlan, agreed: boolean): void {
  const { masks, signatures, quantisation } = plan.settings;
  const off = Object.entries({ masks, signatures, quantisation })
    .filter(([, on]) => !on)
    .map(([name]) => name);
  if (off.length > 0 && !plan.demonstration)
    throw planRefused(`${off.join(', ')} are off, and it is not called a demonstration`);
  const { aggregation } = plan.settings;
  if (aggregation !== 'mean' && masks)
    throw planRefused(`its rule is ${aggregation}, which needs single updates, and masks are on`);
  if (plan.demonstration && !agreed) {
    throw new FederationError(
      'demonstration-refused',
      `Cannot join: this session is a demonstration${off.length > 0 ? `, in which ${off.join(', ')} are off` : ''}. If that is what you want, join with --agree-to-demonstration.`,
      { details: { off: off.join(', ') }, blame: 'user', action: 'correct' },
    );
  }
}

/** Throws 'not-noised': whatever is sent without noise goes past any budget. */
function checkBudget({ settings }: SessionPlan, budget: number | undefined): void {
  if (budget === undefined || isNoised(settings)) return;
  throw new FederationError(
    'not-noised',
    `Cannot join: you set a privacy budget of ${budget}, and this session adds no noise, so that nothing bounds what its sums tell. Join without the budget, or ask the leader for differential privacy.`,
    { details: { budget }, blame: 'user', action: 'correct' },
  );
}

/**
 * stored: of this session, from when this machine joined it. What was agreed to then cannot be changed by telling another
 * plan to a machine that comes back. Throws 'plan-refused'.
 */
export function checkSamePlan(stored: string, plan: SessionPlan): void {
  if (JSON.stringify(readPlan(stored)) !== JSON.stringify(plan))
    throw planRefused('it is not the plan that this machine has joined');
}

/** Throws what reading the data and the model throws. The caller closes the pool. */
export async function prepare(plan: SessionPlan, options: PreparationOptions): Promise<Prepared> {
  selfTest(plan.settings.keyAgreement);
  checkProtections(plan, options.agreeToDemonstration);
  checkBudget(plan, options.privacyBudget);
  const data = await loadParticipantData(plan, options.data);
  const topology = planTopology(plan);
  const { batch } = plan.settings;
  const chosen = await chooseEngine(topology, {
    asked: options.engine,
    measure: options.engineSpeeds?.of({ name: plan.model.name, topology, batch }),
  });
  const { engine, note, reason } = chosen;
  const basis = planBasis(plan, topology, data.base);
  const processPlan = planProcesses({
    engine: engine.name,
    dataBytes: dataBytesOf(data.dataset),
    parameters: basis.parameterCount,
    useful: options.processes,
    asked: undefined,
  });
  const pool = createComputePool({
    processes: processPlan.processes,
    dataset: data.source,
    added: data.added,
    background: options.background,
    testCount: data.dataset.test.count,
    topology,
    engine,
    batchSize: batch,
    onReplaced: options.onReplaced,
  });
  await tryOut(pool, plan, topology, data);
  return {
    basis,
    data,
    topology,
    architecture: utf8(canonicalArchitecture(topology)),
    pool,
    engine: engineUsed(chosen, processPlan),
    engineNote: {
      text: note,
      code: 'engine',
      detail: {
        engine: engineText(engine),
        why: reason.kind,
        refusal: reason.kind === 'only' ? reason.refusal : '',
      },
    },
  };
}

/**
 * Trains on one batch, and forgets it: what this machine cannot do shows before anybody counts on it, and the first round
 * need not wait for processes that load their data. Closes the pool when it throws.
 */
async function tryOut(
  pool: ComputePool,
  { settings }: SessionPlan,
  topology: ModelTopology,
  { dataset }: ParticipantData,
): Promise<void> {
  const count = Math.min(settings.batch, dataset.train.count);
  const task: TrainingTask = {
    weights: initialWeights(topology, settings.seed),
    indices: Uint32Array.from({ length: count }, (_, index) => index),
    epochs: 1,
    batchSize: settings.batch,
    // a small step, which diverges with no model
    optimiser: { kind: 'sgd', learningRate: 1e-3, momentum: 0 },
    proximalMu: 0,
    shuffleState: streamState(settings.seed, 'try-out', 'shuffle'),
    dropoutState: streamState(settings.seed, 'try-out', 'dropout'),
  };
  try {
    await pool.train(task);
  } catch (error) {
    await pool.close();
    throw error;
  }
}

function planRefused(reason: string): FederationError<'plan-refused'> {
  return new FederationError(
    'plan-refused',
    `Cannot join: the plan of this session cannot be used, as ${reason}.`,
    {
      details: { reason },
      blame: 'coordinator',
      action: 'abort',
    },
  );
}
