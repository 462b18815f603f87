/**
 * What every attack of the lab is: a generator that does its work in small steps, yields what can be seen of it, and
 * returns what it found. It is handed everything it may use; whoever runs it (a compute process) draws the next step, so
 * that it can be watched and given up between any two. Steps come at least five times a second.
 *
 * The same request gives the same pictures and figures: every random number is drawn from streams of the run's seed
 * (core/random/stream.ts) under the labels 'attack' and the attack's name. Masks and noise of an attacked client are drawn
 * from such streams too, as an experiment must be repeatable; those of real sessions never are.
 */
import type { AttackFindings, AttackStep } from '../contract/attacks/attack-report.ts';
import type { Protection } from '../contract/attacks/attack-request.ts';
import type { Dataset, LabelledImages } from '../datasets/dataset.ts';
import type { ClientOptimiser, Engine, ModelTopology } from '../model/engine.ts';

/** A model that somebody has made. */
export interface TargetModel {
  readonly topology: ModelTopology;
  readonly weights: Float32Array;
  /** Which of the data set's training images it has learnt from; left out where nobody knows. For figures and verdicts only. */
  readonly learntFrom?: Uint32Array;
}

/** One client's update as its coordinator had it in hand. */
export interface ObservedUpdate extends TargetModel {
  /** weights: where the client's training started; update: what was read of it, masked or not. */
  readonly update: Float32Array;
  readonly optimiser: ClientOptimiser;
  readonly batchSize: number;
  readonly epochs: number;
  /** Images that the client trained on; 0 where nobody knows. */
  readonly examples: number;
  /** True while masks are on it: then the numbers are noise. */
  readonly masked: boolean;
  /** What the client trained on: in simulations only, never used by the attack, only to say how near it came. */
  readonly truth: LabelledImages | undefined;
  /** Where those stand among the training images of the data set, where they do: no baseline may be one of them. */
  readonly places?: Uint32Array;
}

/** What the person has chosen to attack; all empty: a fresh model and images of the data set. */
export interface AttackMaterial {
  /** The person's own drawings, newest first: private images of the victim, before those of the data set. */
  readonly drawings: LabelledImages | undefined;
  readonly model: TargetModel | undefined;
  readonly observed: ObservedUpdate | undefined;
}

export interface AttackInput<Settings> {
  /** Checked, with defaults filled in. */
  readonly settings: Settings;
  readonly protection: Protection;
  readonly seed: number;
  readonly dataset: Dataset;
  /** Trains victims and judges, and gives gradients with respect to images. */
  readonly engine: Engine;
  readonly material: AttackMaterial;
}

export type AttackRun = AsyncGenerator<AttackStep, AttackFindings, void>;
export type Attack<Settings> = (input: AttackInput<Settings>) => AttackRun;
