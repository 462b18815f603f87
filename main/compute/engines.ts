/** The engines of this machine, and which of them trains a model. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { FederationError } from '../../core/errors/federation-error.ts';
import { readArchitecture } from '../../core/model/architecture.ts';
import { createCompiledEngine } from '../../core/model/compiled/engine.ts';
import type { Engine, EngineName, ModelTopology } from '../../core/model/engine.ts';
import { createWasmEngine } from '../../core/model/wasm/engine.ts';
import { fileError } from '../files/files.ts';
import { tensorflowEngine } from './tensorflow.ts';

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
  if (name === 'wasm') return createWasmEngine();
  if (name === 'tensorflow') return tensorflowEngine();
  const [relaxed, plain] = await Promise.all([readTrainingStep('relaxed'), readTrainingStep('plain')]);
  return createCompiledEngine({ relaxed, plain });
}

/** Why an engine trains: nothing is faster, it was asked for, or it alone can; then `refusal` says why compiled cannot, without a full stop. */
export type EngineReason =
  | { readonly kind: 'fastest' }
  | { readonly kind: 'asked' }
  | { readonly kind: 'only'; readonly refusal: string };

export interface ChosenEngine {
  readonly engine: Engine;
  readonly reason: EngineReason;
  /** The same in an English sentence without its full stop. */
  readonly note: string;
}

/**
 * The engine that was asked for, else the fastest that can train the model. Throws FederationError 'model-refused',
 * naming the layer, when none can; 'invalid-setting' when only the one asked for cannot.
 */
export async function chooseEngine(topology: ModelTopology, requested?: EngineName): Promise<ChosenEngine> {
  // What is in the catalogue of layers, the wasm engine trains; the rest is refused here.
  readArchitecture(topology);
  if (requested === 'wasm') return chosen(await loadEngine('wasm'), { kind: 'asked' });
  const compiled = await loadEngine('compiled');
  const refusal = compiled.refusal(topology);
  if (refusal === undefined) return chosen(compiled, { kind: 'fastest' });
  if (requested === 'compiled') throw onlyWasm(refusal);
  return chosen(await loadEngine('wasm'), { kind: 'only', refusal: refusal.replace(/\.$/, '') });
}

function chosen(engine: Engine, reason: EngineReason): ChosenEngine {
  const name = `${engine.name} (${engine.variant})`;
  switch (reason.kind) {
    case 'fastest':
      return { engine, reason, note: name };
    case 'asked': {
      const note = `${name}, as asked; compiled is ten times as fast where it can train the model`;
      return { engine, reason, note };
    }
    case 'only': {
      const note = `${name}, ten times slower than compiled, which cannot train this model: ${reason.refusal}`;
      return { engine, reason, note };
    }
  }
}

function onlyWasm(refusal: string): FederationError<'invalid-setting'> {
  const allowed = 'wasm for this model';
  return new FederationError(
    'invalid-setting',
    `Cannot use engine compiled, as it must be ${allowed}, or left out. ${refusal}`,
    { details: { field: 'engine', value: 'compiled', allowed }, blame: 'user', action: 'correct' },
  );
}
