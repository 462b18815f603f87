/** Past runs as a list shows them, and what a person keeps: preferences, drawings, files to take away. */
import { z } from 'zod';
import { engineChoices } from './engines.ts';
import type { ComparisonRow, RunResult } from './run-result.ts';

/** 'run-12' (a simulation or comparison) or 'session-' and its hexadecimal id. */
export const resultIdSchema = z.string().regex(/^(run-\d{1,15}|session-[0-9a-f]{32})$/);

export interface ResultSummary {
  readonly id: string;
  readonly kind: RunResult['kind'];
  readonly role: 'coordinator' | 'participant' | null;
  readonly title: string;
  /** ISO 8601 */
  readonly startedAt: string;
  readonly seconds: number;
  readonly clients: number;
  readonly roundsDone: number;
  readonly rounds: number;
  readonly protections: {
    readonly signatures: boolean;
    readonly masks: boolean;
    readonly quantisation: boolean;
  };
  readonly demonstration: boolean;
  /** Accuracy by round. */
  readonly accuracy: readonly number[];
  readonly final: { readonly accuracy: number; readonly f1Weighted: number } | null;
  /** How many left in all rounds together, and whose masks were rebuilt. */
  readonly dropped: number;
  readonly recovered: number;
  /** Why it ended before its last round; null where it did not. */
  readonly ended: string | null;
  /** A session that this machine can go on with. */
  readonly resumable: boolean;
  /** Names of what trained on this machine, without variants: 'compiled'; null of earlier versions. */
  readonly engine: string | null;
  /** Of a comparison. */
  readonly rows: readonly Omit<ComparisonRow, 'curve'>[];
}

const preferenceFields = {
  language: z.enum(['system', 'en', 'fr']),
  theme: z.enum(['system', 'light', 'dark']),
  contrast: z.enum(['system', 'normal', 'more']),
  /** What the others see. */
  name: z.string().max(80),
  /** Compute processes; null: as many as there are cores. */
  processes: z.int().min(1).max(64).nullable(),
  engine: z.enum(engineChoices),
  /** Looks for new versions; never unless asked for. */
  updates: z.boolean(),
  /** Single keys do something (P, ?); off for whoever dictates, or whose hand slips. */
  keys: z.boolean(),
};

export const preferencesSchema = z.strictObject({
  language: preferenceFields.language.default('system'),
  theme: preferenceFields.theme.default('system'),
  contrast: preferenceFields.contrast.default('system'),
  name: preferenceFields.name.default(''),
  processes: preferenceFields.processes.default(null),
  engine: preferenceFields.engine.default('auto'),
  updates: preferenceFields.updates.default(false),
  keys: preferenceFields.keys.default(true),
});
/** Some of them: without defaults, which would put the others back. */
export const preferencesChangeSchema = z.strictObject(preferenceFields).partial();
export type Preferences = z.infer<typeof preferencesSchema>;

export interface Drawing {
  readonly id: number;
  readonly label: number;
  /** [784] as MNIST has them: white (255) on black (0), centred by mass in 28 x 28. */
  readonly pixels: Uint8Array;
  /** ISO 8601 */
  readonly drawnAt: string;
}

/** A file for a person to keep. */
export interface TakeAway {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}
