/** The engines of this machine, and which of them trains a model. */
import { readFile } from 'node:fs/promises';
import { FederationError } from '../../core/errors/federation-error.ts';
import type { Engine, EngineName, ModelTopology } from '../../core/model/engine.ts';
import { createCompiledEngine } from '../../core/model/compiled/engine.ts';
import { createWasmEngine } from '../../core/model/wasm/engine.ts';
import { fileError } from '../files/files.ts';

const trainingStepFolder = new URL('../../build/out/training-step/', import.meta.url);

async function readTrainingStep(variant: 'relaxed' | 'plain'): Promise<Uint8Array<ArrayBuffer>> {
  const file = new URL(`${variant}.wasm`, trainingStepFolder);
  try {
    return new Uint8Array(await readFile(file));
  } catch (cause) {
    throw fileError(file.pathname, cause);
  }
}

/** Throws 'file-not-found' when the training step was never built (every npm script builds it). */
export async function loadEngine(name: EngineName): Promise<Engine> {
  if (name === 'wasm') return createWasmEngine();
  const [relaxed, plain] = await Promise.all([readTrainingStep('relaxed'), readTrainingStep('plain')]);
  return createCompiledEngine({ relaxed, plain });
}

export interface ChosenEngine {
  readonly engine: Engine;
  /** For the person: which engine, and why not the faster one. */
  readonly note: string;
}

/**
 * The engine that was asked for, else the fastest that can train the model. Throws 'model-refused', naming the layer,
 * when it cannot be trained.
 */
export async function chooseEngine(topology: ModelTopology, requested?: EngineName): Promise<ChosenEngine> {
  const compiled = await loadEngine('compiled');
  if (requested !== 'wasm') {
    const refusal = compiled.refusal(topology);
    if (refusal === undefined) return { engine: compiled, note: `compiled (${compiled.variant})` };
    if (requested === 'compiled') throw refused(refusal);
    const engine = await loadEngine('wasm');
    const slower = `wasm (${engine.variant}), about ten times slower than compiled, which cannot train this model: ${refusal}`;
    return accepted(engine, topology, slower);
  }
  const engine = await loadEngine('wasm');
  return accepted(engine, topology, `wasm (${engine.variant}), as asked`);
}

function accepted(engine: Engine, topology: ModelTopology, note: string): ChosenEngine {
  const refusal = engine.refusal(topology);
  if (refusal !== undefined) throw refused(refusal);
  return { engine, note };
}

function refused(reason: string): FederationError<'model-refused'> {
  return new FederationError('model-refused', reason, {
    details: { layer: '', reason },
    blame: 'user',
    action: 'correct',
  });
}
