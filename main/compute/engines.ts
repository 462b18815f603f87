/** The engines of this machine, and which of them trains a model. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import {
  type EngineChoice,
  engineNames,
  type EngineReason,
  type EngineSpeed,
  type EngineState,
  engineText,
  type EngineUsed,
  type ProcessPlan,
} from '../../core/contract/engines.ts';
import { FederationError, isFederationError } from '../../core/errors/federation-error.ts';
import { readArchitecture } from '../../core/model/architecture.ts';
import { createCompiledEngine } from '../../core/model/compiled/engine.ts';
import type { Engine, EngineName, ModelTopology } from '../../core/model/engine.ts';
import { fileError } from '../files/files.ts';
import { tensorflowSetUp } from './tensorflow-facts.ts';

const trainingStepFolder = new URL('../../build/out/training-step/', import.meta.url);

async function readTrainingStep(variant: 'relaxed' | 'plain'): Promise<Uint8Array<ArrayBuffer>> {
  const path = fileURLToPath(new URL(`${variant}.wasm`, trainingStepFolder));
  try {
    return new Uint8Array(await readFile(path));
  } catch (cause) {
    throw fileError(path, cause);
  }
}

/**
 * Throws 'file-not-found' when the training step was never built (every npm script builds it), 'engine-missing' for
 * TensorFlow where it was not set up.
 */
export async function loadEngine(name: EngineName): Promise<Engine> {
  // loaded here: a process that trains on the compiled engine has no use for tf.js, nor room
  if (name === 'wasm') return (await import('../../core/model/wasm/engine.ts')).createWasmEngine();
  if (name === 'tensorflow') return (await import('./tensorflow.ts')).tensorflowEngine();
  const [relaxed, plain] = await Promise.all([readTrainingStep('relaxed'), readTrainingStep('plain')]);
  return createCompiledEngine({ relaxed, plain });
}

export interface ChosenEngine {
  readonly engine: Engine;
  readonly reason: EngineReason;
  /** Measured for this choice, now or before; empty where nothing had to be. */
  readonly speeds: readonly EngineSpeed[];
  /** The reason in an English sentence without its full stop. */
  readonly note: string;
}

/** Training speeds of some engines with one model, in any order; of those that could be measured. */
export type MeasureEngines = (engines: readonly Engine[]) => Promise<readonly EngineSpeed[]>;

export interface EngineRequest {
  readonly asked?: EngineChoice | undefined;
  /** Left out, the first of engineNames that can train the model is taken for the fastest. */
  readonly measure?: MeasureEngines | undefined;
}

/**
 * Another engine must be so many times as fast as one before it in engineNames: within that, measurements of two days
 * could differ, and the same command would train two models.
 */
const clearlyFaster = 1.1;

/**
 * The engine that was asked for, else the fastest that can train the model. Throws FederationError 'model-refused',
 * naming the layer, when none can; 'invalid-setting' when only the one asked for cannot; 'engine-missing' when it is not
 * there.
 */
export async function chooseEngine(
  topology: ModelTopology,
  { asked = 'auto', measure }: EngineRequest = {},
): Promise<ChosenEngine> {
  // What is in the catalogue of layers, the wasm engine trains; the rest is refused here.
  readArchitecture(topology);
  if (asked !== 'auto') return chosen(await engineAskedFor(topology, asked), { kind: 'asked' }, []);
  const { able, refusals } = trainersOf(topology, await installedEngines());
  const speeds = able.length > 1 && measure !== undefined ? await measure(able) : [];
  const engine = fastestOf(able, speeds);
  const refusal = refusals.get('compiled');
  const reason: EngineReason =
    refusal === undefined ? { kind: 'fastest' } : { kind: 'only', refusal: refusal.replace(/\.$/, '') };
  return chosen(engine, reason, speeds);
}

/** The first, unless another is clearly faster; what was not measured is taken for slower than what was. */
export function fastestOf(engines: readonly Engine[], speeds: readonly EngineSpeed[]): Engine {
  const speedOf = ({ name }: Engine): number =>
    speeds.find(({ engine }) => engine === name)?.imagesPerSecond ?? 0;
  return engines.reduce((best, other) => (speedOf(other) > clearlyFaster * speedOf(best) ? other : best));
}

/** Those that can train the model, in their order; why the others cannot. */
export function trainersOf(
  topology: ModelTopology,
  engines: readonly Engine[],
): {
  readonly able: readonly Engine[];
  readonly refusals: ReadonlyMap<EngineName, string>;
} {
  const able: Engine[] = [];
  const refusals = new Map<EngineName, string>();
  for (const engine of engines) {
    const refusal = engine.name === 'wasm' ? undefined : engine.refusal(topology);
    if (refusal === undefined) able.push(engine);
    else refusals.set(engine.name, refusal);
  }
  return { able, refusals };
}

/** In the order of engineNames; the first is always there. */
export async function installedEngines(): Promise<readonly [Engine, ...Engine[]]> {
  const [first, ...others] = engineNames;
  const found = await Promise.all(others.map(loadIfThere));
  return [await loadEngine(first), ...found.filter((engine) => engine !== undefined)];
}

/** Every engine there is, whether it is here, what installs it and what takes it away. */
export function engineStates(): Promise<readonly EngineState[]> {
  return Promise.all(
    engineNames.map(async (name) => ({
      engine: name,
      variant: (await loadIfThere(name))?.variant ?? null,
      setUp: name === 'tensorflow' ? await tensorflowSetUp() : null,
    })),
  );
}

async function loadIfThere(name: EngineName): Promise<Engine | undefined> {
  try {
    return await loadEngine(name);
  } catch (error) {
    if (!isFederationError(error) || error.code !== 'engine-missing') throw error;
    return undefined;
  }
}

async function engineAskedFor(topology: ModelTopology, name: EngineName): Promise<Engine> {
  const engine = await loadEngine(name);
  const refusal = name === 'wasm' ? undefined : engine.refusal(topology);
  if (refusal === undefined) return engine;
  const { able } = trainersOf(topology, await installedEngines());
  const allowed = `${able.map((other) => other.name).join(' or ')} for this model`;
  throw new FederationError(
    'invalid-setting',
    `Cannot use engine ${name}, as it must be ${allowed}, or left out. ${refusal}`,
    { details: { field: 'engine', value: name, allowed }, blame: 'user', action: 'correct' },
  );
}

function chosen(engine: Engine, reason: EngineReason, speeds: readonly EngineSpeed[]): ChosenEngine {
  const name = engineText(engine);
  switch (reason.kind) {
    case 'fastest':
      return { engine, reason, speeds, note: name };
    case 'asked':
      return { engine, reason, speeds, note: `${name}, as asked` };
    case 'only': {
      const note = `${name}, slower than compiled, which cannot train this model: ${reason.refusal}`;
      return { engine, reason, speeds, note };
    }
  }
}

/** For results and whoever watches. */
export function engineUsed({ engine, reason, speeds }: ChosenEngine, plan: ProcessPlan): EngineUsed {
  const { name, variant } = engine;
  return { name, variant, processes: plan.processes, reason, speeds, plan };
}
