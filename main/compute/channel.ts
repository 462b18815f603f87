/** What travels between the pool and a compute process; typed arrays are copied by the structured clone. */
import type { Action, Blame, ErrorCode } from '../../core/errors/federation-error.ts';
import type {
  EngineName,
  EvaluationResult,
  EvaluationTask,
  ModelTopology,
  TrainingResult,
  TrainingTask,
} from '../../core/model/engine.ts';

/** First message to a process: what all its jobs are about. */
export interface Assignment {
  readonly kind: 'assignment';
  readonly engine: EngineName;
  /** 'mnist' or a folder: each process loads its data by itself. */
  readonly dataset: string;
  readonly topology: ModelTopology;
  readonly batchSize: number;
}

export type Job =
  | { readonly kind: 'train'; readonly task: TrainingTask }
  | { readonly kind: 'evaluate'; readonly task: EvaluationTask };

export type ToProcess = Assignment | { readonly kind: 'job'; readonly id: number; readonly job: Job };

export type JobResult =
  | { readonly kind: 'trained'; readonly result: TrainingResult; /** Processor time of the steps. */ readonly cpuMs: number; readonly seconds: number }
  | { readonly kind: 'evaluated'; readonly result: EvaluationResult };

/** An error as plain data; `code` tells a FederationError from a fault. */
export interface PlainError {
  readonly message: string;
  readonly stack: string;
  readonly federation?: { readonly code: ErrorCode; readonly details: object; readonly blame: Blame; readonly action: Action };
}

export type FromProcess =
  | { readonly kind: 'progress'; readonly id: number; readonly examplesDone: number; readonly examplesTotal: number }
  | { readonly kind: 'done'; readonly id: number; readonly result: JobResult }
  | { readonly kind: 'failed'; readonly id: number; readonly error: PlainError };
