/**
 * What a page asks of its compute worker: the compiled engine (core/model/compiled) beside the page, on a thread of its
 * own. A worker has one model at a time; it answers in the order in which it is asked.
 */
import type { Images, ModelTopology, TrainingResult, TrainingTask } from '../../core/model/engine.ts';
import type { LabelledImages } from '../../core/datasets/dataset.ts';

export interface ComputeCalls {
  /**
   * Plans the model that the calls after it are about. Throws 'model-refused' where the engine does not run it,
   * 'model-does-not-fit' where its images are of another shape.
   */
  plan: {
    readonly args: {
      readonly topology: ModelTopology;
      /** What it trains on; may be none: then it only answers. */
      readonly data: LabelledImages;
    };
    readonly result: {
      /** Which instructions the engine uses: 'relaxed SIMD', 'SIMD'. */
      readonly variant: string;
      readonly parameters: number;
    };
  };
  /** The weights by which it answers from now on: [d] float32. */
  load: { readonly args: { readonly weights: Float32Array }; readonly result: null };
  /** [count * classes] probabilities, image by image. */
  predict: { readonly args: { readonly images: Images }; readonly result: Float32Array };
  /** From the loaded weights, which stay as they are; tells how far it is. */
  train: { readonly args: Omit<TrainingTask, 'weights'>; readonly result: TrainingResult };
}

export type ComputeCallName = keyof ComputeCalls;

export interface TrainingProgress {
  readonly examplesDone: number;
  readonly examplesTotal: number;
}

export interface ComputeProblem {
  /** A FederationError's, or 'fault'. */
  readonly code: string;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

export type Question = {
  [Name in ComputeCallName]: {
    readonly id: number;
    readonly name: Name;
    readonly args: ComputeCalls[Name]['args'];
  };
}[ComputeCallName];

export type Answer =
  | { readonly id: number; readonly progress: TrainingProgress }
  | { readonly id: number; readonly ok: true; readonly value: ComputeCalls[ComputeCallName]['result'] }
  | { readonly id: number; readonly ok: false; readonly problem: ComputeProblem };
