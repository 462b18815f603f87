/**
 * The compiled engine: plans a sequential model once and trains it inside one WebAssembly SIMD module (source:
 * build/training-step). From topology to module:
 *
 *   topology.ts       JSON -> list of layers, or a refusal that names the layer
 *   fused-layers.ts   list -> affine layers with their ReLU, pooling and dropout
 *   geometry.ts       strides, padding, group sizes, choice of kernels
 *   memory-layout.ts  addresses (offset-tables.ts, layer-record.ts)
 *   training-step.ts  the module's memory and its calls (weight-places.ts)
 *   compiled-model.ts the loops of training and evaluation
 *
 * A step costs 0.17 ms an example for the CNN with 241,546 parameters, and 11 MB; evaluation takes as much again once it
 * is used. Imports nothing of Node: it runs in a browser's worker, too.
 */
import { FederationError } from '../../errors/federation-error.ts';
import type { LabelledImages } from '../../datasets/dataset.ts';
import type { Engine, ModelTopology } from '../engine.ts';
import { modelDoesNotFit } from '../refusals.ts';
import { CompiledModel } from './compiled-model.ts';
import { fuseLayers, type FusedModel } from './fused-layers.ts';
import { requireMemory } from './memory-layout.ts';
import { readTopology } from './topology.ts';

/** The two builds of the training step, as bytes. */
export interface TrainingStepModules {
  readonly relaxed: Uint8Array<ArrayBuffer>;
  readonly plain: Uint8Array<ArrayBuffer>;
}

/** Uses relaxed SIMD where this runtime has it. */
export function createCompiledEngine(modules: TrainingStepModules): Engine {
  const relaxed = WebAssembly.validate(modules.relaxed);
  let compiling: Promise<WebAssembly.Module> | undefined;
  const compile = (): Promise<WebAssembly.Module> =>
    (compiling ??= WebAssembly.compile(relaxed ? modules.relaxed : modules.plain));

  return {
    name: 'compiled',
    variant: relaxed ? 'relaxed SIMD' : 'SIMD',
    refusal(topology) {
      try {
        readModel(topology, 1);
        return undefined;
      } catch (error) {
        if (!(error instanceof FederationError) || error.code !== 'model-refused') throw error;
        const { layer, reason } = error.details as FederationError<'model-refused'>['details'];
        return `${layer.charAt(0).toUpperCase()}${layer.slice(1)} ${reason}.`;
      }
    },
    async plan(topology, data, { batchSize }) {
      const model = readModel(topology, batchSize);
      for (const images of [data.train, data.test]) requireFit(model, images);
      return new CompiledModel(await compile(), model, data);
    },
  };
}

/** Throws FederationError 'model-refused'. */
function readModel(topology: ModelTopology, batchSize: number): FusedModel {
  const model = fuseLayers(readTopology(topology));
  requireMemory(model, batchSize);
  return model;
}

/** Throws FederationError 'model-does-not-fit' when the images or the labels are not what the model takes. */
function requireFit(model: FusedModel, images: LabelledImages): void {
  const first = model.layers[0]!;
  const wanted = [images.height, images.width, images.channels];
  const found = [first.input.height, first.input.width, first.input.channels];
  const flat = [1, 1, images.height * images.width * images.channels];
  if (found.join() !== wanted.join() && found.join() !== flat.join())
    throw modelDoesNotFit(first.name, 'input', wanted.join(' x '), found.join(' x '));
  const classes = images.labels.reduce((most, label) => Math.max(most, label + 1), 0);
  if (classes > model.classes)
    throw modelDoesNotFit(
      model.layers.at(-1)!.name,
      'number of classes',
      `${classes} or more`,
      String(model.classes),
    );
}
