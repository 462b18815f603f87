/** One attack, in a compute process of its own: loads what it needs, tells its steps, then what it found. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AttackMaterial } from '../../core/attacks/attack.ts';
import type * as Attacks from '../../core/attacks/run-attack.ts';
import { selectImages } from '../../core/attacks/pictures.ts';
import type { EngineChoice } from '../../core/contract/engines.ts';
import type { Dataset } from '../../core/datasets/dataset.ts';
import {
  type AttackJob,
  type AttackJobMaterial,
  type AttackPreparation,
  type FromAttack,
  toPlainError,
} from '../compute/channel.ts';
import type { SpeedsOfMachine } from '../compute/engine-speeds.ts';
import { loadDataset } from '../data/load.ts';
import { StepGatherer } from './gather-steps.ts';
import { type LabEngine, openLabEngine } from './lab-engine.ts';

/** Steps are told so often, ms. */
const stepsEveryMs = 100;

interface Ready {
  readonly attacks: typeof Attacks;
  readonly dataset: Dataset;
  readonly lab: LabEngine;
}

let prepared: { readonly for: string; readonly ready: Promise<Ready> } | undefined;

/** Loads what an attack will need. What goes wrong in that, the attack tells. */
export function prepareAttack({
  dataset,
  engine,
  speeds,
}: Pick<AttackPreparation, 'dataset' | 'engine' | 'speeds'>): Promise<Ready> {
  const name = JSON.stringify([dataset, engine]);
  if (prepared?.for !== name) {
    prepared = { for: name, ready: load(dataset, engine, speeds) };
    prepared.ready.catch(() => undefined);
  }
  return prepared.ready;
}

/** Never rejects. */
export async function carryOutAttack(job: AttackJob, send: (message: FromAttack) => void): Promise<void> {
  try {
    await run(job, send);
  } catch (error) {
    send({ kind: 'attack-failed', error: toPlainError(error) });
  }
}

async function load(
  dataset: string,
  engine: EngineChoice | undefined,
  speeds: SpeedsOfMachine | undefined,
): Promise<Ready> {
  // a process that trains for a session needs none of the attacks
  const [attacks, data, lab] = await Promise.all([
    import('../../core/attacks/run-attack.ts'),
    loadDataset(dataset),
    openLabEngine(engine, speeds),
  ]);
  return { attacks, dataset: data, lab };
}

async function run(job: AttackJob, send: (message: FromAttack) => void): Promise<void> {
  const { attacks, dataset, lab } = await prepareAttack(job);
  const { settings, protection, seed } = job;
  const material = materialOf(job.material, dataset);
  const steps = new StepGatherer(stepsEveryMs, (told) => {
    send({ kind: 'attack-steps', steps: told });
  });
  const attack = await attacks.runAttack(job.attack, {
    settings,
    protection,
    seed,
    dataset,
    engine: lab.engine,
    material,
  });
  const startedAt = performance.now();
  for (;;) {
    const next = await attack.next();
    if (next.done === true) {
      const seconds = (performance.now() - startedAt) / 1000;
      steps.flush();
      send({ kind: 'attack-done', findings: next.value, seconds, engine: lab.used() });
      return;
    }
    steps.take(next.value);
    // what was told must leave, and the owner's end must be noticed
    await nextTurn();
  }
}

function materialOf({ observed, ...material }: AttackJobMaterial, { train }: Dataset): AttackMaterial {
  if (observed === undefined) return { ...material, observed };
  const { truth: places, ...update } = observed;
  if (places === undefined) return { ...material, observed: { ...update, truth: undefined } };
  return { ...material, observed: { ...update, truth: selectImages(train, places), places } };
}
