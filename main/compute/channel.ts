/**
 * What travels between the pool and a compute process, both ways, by the structured clone: typed arrays are copied as
 * they are, errors become plain data.
 */
import {
  FederationError,
  isFederationError,
  type Action,
  type Blame,
  type ErrorCode,
  type ErrorDetails,
} from '../../core/errors/federation-error.ts';
import type { AttackMaterial, ObservedUpdate } from '../../core/attacks/attack.ts';
import type { AttackFindings, AttackStep } from '../../core/contract/attacks/attack-report.ts';
import type { AttackSetting, Protection } from '../../core/contract/attacks/attack-request.ts';
import type { AttackName } from '../../core/contract/attacks/names.ts';
import type { EngineChoice, EngineSpeed } from '../../core/contract/engines.ts';
import type { Dataset, LabelledImages } from '../../core/datasets/dataset.ts';
import type {
  EngineName,
  EvaluationResult,
  EvaluationTask,
  ModelTopology,
  TrainingResult,
  TrainingTask,
} from '../../core/model/engine.ts';
import type { SpeedsOfMachine } from './engine-speeds.ts';
import type { MeasureQuestion } from './measure-engines.ts';

/** First message to a process: what all its jobs are about. */
export interface Assignment {
  readonly kind: 'assignment';
  readonly engine: EngineName;
  /** 'mnist' or a folder, which each process loads by itself; or the data set itself. */
  readonly dataset: string | Dataset;
  /** Training images behind those of the data set. */
  readonly added: LabelledImages | undefined;
  readonly topology: ModelTopology;
  readonly batchSize: number;
  /** Gives way to other processes of this machine. */
  readonly background: boolean;
}

export type Job =
  | { readonly kind: 'train'; readonly task: TrainingTask }
  | {
      readonly kind: 'evaluate';
      readonly weights: Float32Array;
      /** Each is answered by sums of its own. */
      readonly parts: readonly Omit<EvaluationTask, 'weights'>[];
    };

/** What an attack works on; the images that a client trained on are named by their places in the data set. */
export interface AttackJobMaterial extends Omit<AttackMaterial, 'observed'> {
  readonly observed:
    | (Omit<ObservedUpdate, 'truth' | 'places'> & {
        /** Training images; undefined where nobody knows which. */
        readonly truth: Uint32Array | undefined;
      })
    | undefined;
}

/** What any attack needs, loaded before it is known which. */
export interface AttackPreparation {
  readonly kind: 'prepare-attack';
  /** 'mnist' or a folder. */
  readonly dataset: string;
  /** undefined: as auto, whatever is fastest for each model. */
  readonly engine: EngineChoice | undefined;
  /** undefined: engines are taken to be as fast as they usually are. */
  readonly speeds: SpeedsOfMachine | undefined;
  readonly background: boolean;
}

/** The last message to a process, which runs one attack. */
export interface AttackJob extends Omit<AttackPreparation, 'kind'> {
  readonly kind: 'attack';
  readonly attack: AttackName;
  /** Checked, with defaults filled in. */
  readonly settings: Readonly<Record<string, AttackSetting>>;
  readonly protection: Protection;
  readonly seed: number;
  readonly material: AttackJobMaterial;
}

export type ToProcess =
  | Assignment
  | AttackPreparation
  | AttackJob
  | { readonly kind: 'measure-engines'; readonly question: MeasureQuestion }
  | { readonly kind: 'job'; readonly id: number; readonly job: Job }
  /** Another process does it: not to be begun, if it has not been. */
  | { readonly kind: 'forget'; readonly id: number };

export interface Trained {
  readonly kind: 'trained';
  readonly result: TrainingResult;
  /** Processor time of the steps. */
  readonly cpuMs: number;
  readonly seconds: number;
}

export interface Evaluated {
  readonly kind: 'evaluated';
  /** One for each part. */
  readonly results: readonly EvaluationResult[];
}

export type JobResult = Trained | Evaluated;

export type FromProcess = FromPool | FromAttack | FromMeasurement;

export type FromMeasurement =
  { readonly kind: 'engine-speed'; readonly speed: EngineSpeed } | { readonly kind: 'engines-measured' };

export interface AttackDone {
  readonly kind: 'attack-done';
  readonly findings: AttackFindings;
  /** From the first step to the last. */
  readonly seconds: number;
  /** Which trained: 'compiled (relaxed SIMD)'. */
  readonly engine: string;
}

export type FromAttack =
  | { readonly kind: 'attack-steps'; readonly steps: readonly AttackStep[] }
  | AttackDone
  | { readonly kind: 'attack-failed'; readonly error: PlainError };

export type FromPool =
  | {
      readonly kind: 'progress';
      readonly id: number;
      readonly examplesDone: number;
      readonly examplesTotal: number;
    }
  | { readonly kind: 'done'; readonly id: number; readonly result: JobResult }
  | { readonly kind: 'failed'; readonly id: number; readonly error: PlainError }
  /** It was not begun, and will not be. */
  | { readonly kind: 'forgotten'; readonly id: number };

/** federation: there when it was a FederationError, else it was a fault. */
export interface PlainError {
  readonly message: string;
  readonly stack: string;
  readonly federation?: {
    readonly code: ErrorCode;
    readonly details: ErrorDetails[ErrorCode];
    readonly blame: Blame;
    readonly action: Action;
  };
}

export function toPlainError(error: unknown): PlainError {
  if (!(error instanceof Error)) return { message: String(error), stack: '' };
  const { message, stack = '' } = error;
  if (!isFederationError(error)) return { message, stack };
  const { code, details, blame, action } = error;
  return { message, stack, federation: { code, details, blame, action } };
}

export function fromPlainError({ message, stack, federation }: PlainError): Error {
  if (federation !== undefined) return new FederationError(federation.code, message, federation);
  const error = new Error(message);
  if (stack !== '') error.stack = stack;
  return error;
}
