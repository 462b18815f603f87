/**
 * Which engine trains and in how many processes, and why: in results, plans and settings. Sentences are made of these
 * fields alone (renderer/wording/engines.ts).
 */
import type { EngineName } from '../model/engine.ts';

/** From the one that is fastest with most models to the slowest. */
export const engineNames = ['compiled', 'tensorflow', 'wasm'] as const satisfies readonly EngineName[];

/** auto: the fastest that can train the model. */
export const engineChoices = ['auto', ...engineNames] as const;
export type EngineChoice = (typeof engineChoices)[number];

/** Of one compute process with one model and batch size, measured on made-up images. */
export interface EngineSpeed {
  readonly engine: EngineName;
  /** 'relaxed SIMD' */
  readonly variant: string;
  readonly imagesPerSecond: number;
}

/**
 * fastest: of those that can train the model, measured where there was more than one, or known to be. only: the fastest
 * of the others, as the compiled engine cannot; `refusal` says why not, in English, without a full stop.
 */
export type EngineReason =
  | { readonly kind: 'fastest' }
  | { readonly kind: 'asked' }
  | { readonly kind: 'only'; readonly refusal: string };

/** What was measured for a model: kept, so that it is measured once. */
export interface EngineMeasurement {
  /** A preset's name, or 'model'. */
  readonly model: string;
  readonly parameters: number;
  readonly batch: number;
  /** ISO 8601 */
  readonly measuredAt: string;
  /** Of every engine that could train it, in the order in which they were measured. */
  readonly speeds: readonly EngineSpeed[];
}

/**
 * Why so many compute processes: asked for; one a core; no more processor time is given to this program (a container's
 * quota); no more memory is free; no more can be done side by side.
 */
export const processReasons = ['asked', 'cores', 'quota', 'memory', 'work'] as const;
export type ProcessReason = (typeof processReasons)[number];

export interface ProcessPlan {
  readonly processes: number;
  readonly reason: ProcessReason;
  /** That this program may use. */
  readonly cores: number;
  /** Bytes that were free for it when this was decided. */
  readonly freeBytes: number;
  /** What a process was taken to need. */
  readonly bytesEach: number;
  readonly onBattery: boolean;
}

/** What trained, or will; how it came to that is not known of runs of earlier versions. */
export interface EngineUsed {
  readonly name: string;
  readonly variant: string;
  readonly processes: number;
  readonly reason?: EngineReason;
  /** Measured for the choice; empty where nothing had to be. */
  readonly speeds?: readonly EngineSpeed[];
  readonly plan?: ProcessPlan;
}

/** As results name an engine: 'compiled (relaxed SIMD)'. */
export function engineText({ name, variant }: Pick<EngineUsed, 'name' | 'variant'>): string {
  return variant === '' ? name : `${name} (${variant})`;
}

/** An engine of this machine. */
export interface EngineState {
  readonly engine: EngineName;
  /** 'relaxed SIMD'; null where it is not there. */
  readonly variant: string | null;
  /** null for what is part of this program, and where nothing of it is there and nothing installs it. */
  readonly setUp: EngineSetUp | null;
}

/** What is not part of this program, as it lies on the disk of this machine, or would. */
export interface EngineSetUp {
  /** What takes it away where it is there, else what installs it; empty where it came with a package. */
  readonly command: string;
  /** Fetched at most by the command; 0 where it is there. */
  readonly downloadBytes: number;
  /** On disk; where it is not there, at most. */
  readonly placedBytes: number;
  /** Something lies there of a set-up that is at work, or was cut short. */
  readonly isUnfinished: boolean;
}

/** For the settings. */
export interface MachineEngines {
  readonly engines: readonly EngineState[];
  /** Latest first. */
  readonly measured: readonly EngineMeasurement[];
  /** What would train the reference model now; null where this person chose an engine that is not there. */
  readonly reference: EngineUsed | null;
}
