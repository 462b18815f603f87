/** What the host lends to an activity's service: nobody under it reaches for the interface or the data folder by itself. */
import type { RunResult } from '../../core/contract/run-result.ts';
import type { Drawing, Preferences } from '../../core/contract/results.ts';
import type { EngineSpeeds } from '../compute/engine-speeds.ts';
import type { Store } from '../storage/store.ts';

export interface HostServices {
  /** Open for as long as any activity runs; closed by the host alone. */
  readonly store: Store;
  /** Of this program. */
  readonly version: string;
  /** As they are now: ask again at the moment of use. */
  preferences(): Preferences;
  /** The drawings of this machine that have not been removed, oldest first. */
  drawings(): readonly Drawing[];
  /** Keeps the result of a simulation or comparison; returns its id among the results. */
  saveResult(result: RunResult, title: string): string;
  /** Training speed of all processes of this machine together, as measured last; null before. */
  imagesPerSecond(): number | null;
  /** Training has just gone at this speed here. */
  measuredSpeed(imagesPerSecond: number): void;
  /** Of this machine's engines, for a choice among them. */
  readonly engineSpeeds: EngineSpeeds;
  /** A line in the log file: never keys, names of people, or data. */
  log(text: string): void;
}
