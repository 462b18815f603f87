/**
 * The compiled engine: plans a model once and trains it inside one WebAssembly SIMD module (source: build/training-step).
 * From architecture to module:
 *
 *   read-graph.ts      layers -> a graph of nodes over values (graph.ts, graph-builder.ts), or a refusal that names the layer
 *   stored-values.ts   strides and borders of the values
 *   geometry.ts        padded counts, group sizes and choice of kernels of the affine nodes
 *   memory-layout.ts   addresses (parameters.ts, affine-record.ts, plain-records.ts, offset-tables.ts)
 *   training-step.ts   the module's memory and its calls (node-record.ts)
 *   compiled-model.ts  the loops of training and evaluation
 *
 * A step costs under 0.17 ms an example for the CNN with 241,546 parameters, and 10 MB; evaluation takes half of that once it
 * is used. Imports nothing of Node: it runs in a browser's worker, too.
 */
import { FederationError } from '../../errors/federation-error.ts';
import type { LabelledImages } from '../../datasets/dataset.ts';
import { readArchitecture } from '../architecture.ts';
import type { Engine, ModelTopology } from '../engine.ts';
import { modelDoesNotFit } from '../refusals.ts';
import { CompiledModel } from './compiled-model.ts';
import { elements, type Graph } from './graph.ts';
import { requireMemory } from './memory-layout.ts';
import { readGraph } from './read-graph.ts';

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
      const graph = readModel(topology, batchSize);
      for (const images of [data.train, data.test]) requireFit(graph, images);
      return new CompiledModel(await compile(), graph, data);
    },
  };
}

/** Throws FederationError 'model-refused'. */
function readModel(topology: ModelTopology, batchSize: number): Graph {
  const graph = readGraph(readArchitecture(topology));
  requireMemory(graph, batchSize);
  return graph;
}

/** Throws FederationError 'model-does-not-fit' when the images or the labels are not what the model takes. */
function requireFit(graph: Graph, images: LabelledImages): void {
  const [image] = graph.values;
  const { height, width, channels } = images;
  if (elements(image!) !== elements(images))
    throw modelDoesNotFit(
      graph.firstLabel,
      'input',
      [height, width, channels].join(' x '),
      [image!.height, image!.width, image!.channels].join(' x '),
    );
  const classes = images.labels.reduce((most, label) => Math.max(most, label + 1), 0);
  if (classes > graph.classes)
    throw modelDoesNotFit(graph.lastLabel, 'number of classes', `${classes} or more`, String(graph.classes));
}
