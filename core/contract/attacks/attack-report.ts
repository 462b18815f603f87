/** What an attack shows while it works and leaves behind: the JSON of `attack run`, and what screens and reports are made from. */
import type { AttackSetting, AttackTarget, Protection } from './attack-request.ts';
import type { AttackName, BaselineName, MetricName } from './names.ts';

/** A picture: bytes, 0 black to 255 white, [height, width, channels]. */
export interface AttackImage {
  /** Unique in its run; a later image of the same id replaces it. */
  readonly id: string;
  /** target: private, never sent; rebuilt: by the attack; baseline: what needs no attack; other: whatever else is worth a look. */
  readonly role: 'target' | 'rebuilt' | 'baseline' | 'other';
  /** Of several private images, which one this belongs to, from 0: images of one index stand in one column. */
  readonly index: number;
  /** Of a baseline: its name; of others: what the attack calls it (a key of its texts), e.g. 'trigger'. */
  readonly name: BaselineName | (string & {});
  readonly pixels: Uint8Array;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** The class it shows, if any; of a rebuilt one: as the attack says. */
  readonly label: number | null;
  /** In the attack's axis metric (catalogue), against the target of the same index; null where that makes no sense. */
  readonly value: number | null;
  /** Of noise that nobody can read: drawn in the colour of what is masked. */
  readonly masked: boolean;
}

/** A line of numbers: loss by step, recovered by crowd, ROC. Names and axes are keys of the attack's texts. */
export interface AttackSeries {
  readonly name: string;
  readonly points: readonly (readonly [number, number])[];
}

/** A row of a table: a rule of aggregation, an attempted forgery, a noise level. */
export interface AttackRow {
  /** A key of the attack's texts, or a number as it is. */
  readonly name: string;
  readonly cells: Readonly<Record<string, number | string | boolean>>;
}

export interface AttackProgress {
  readonly kind: 'progress';
  /** 0 .. 1 */
  readonly done: number;
  /** What it is at, a key of the attack's texts: 'victim', 'optimising', 'judge', ... */
  readonly stage: string;
  /** Figures worth watching, e.g. loss and psnr so far. */
  readonly figures: Readonly<Record<string, number>>;
}

/** What an attack yields while it works; images, series and rows of the same id or name replace earlier ones. */
export type AttackStep =
  | AttackProgress
  | { readonly kind: 'images'; readonly images: readonly AttackImage[] }
  | { readonly kind: 'series'; readonly series: AttackSeries }
  | { readonly kind: 'rows'; readonly rows: readonly AttackRow[] };

export interface Metric {
  readonly value: number;
  /** 95 %, where the figure is an estimate. */
  readonly interval?: readonly [number, number];
  /** Never empty. */
  readonly baselines: Readonly<Partial<Record<BaselineName, number>>>;
}

/** leaks: the attack got what it wanted; partly: more than every baseline, less than its threshold; stopped: no better than what needs no attack. */
export type AttackOutcome = 'leaks' | 'partly' | 'stopped';

/** What an attack returns when it is done. */
export interface AttackFindings {
  readonly results: Readonly<Partial<Record<MetricName, Metric>>>;
  /** The attack's own goal was reached: results[threshold.metric] is on the attacker's side of it. */
  readonly success: boolean;
  readonly outcome: AttackOutcome;
  readonly threshold: {
    readonly metric: MetricName;
    readonly value: number;
    /** Which side is success. */
    readonly side: 'above' | 'below';
  };
  /**
   * The two needles, 0 (no) .. 1 (yes): did this attack stop, by how far it stayed under its baselines; and the bound that
   * holds for every attack: the differential privacy guarantee epsilon at delta, null where there is none.
   */
  readonly gauges: {
    readonly stopped: number;
    readonly epsilon: number | null;
    readonly delta: number | null;
  };
  /** What its sentences need beside the results. */
  readonly facts: Readonly<Record<string, number | string | boolean>>;
}

/** A finished run, as it is kept; pictures, series and rows as they were at the end. */
export interface AttackReport extends AttackFindings {
  /** Of the program. */
  readonly version: string;
  readonly attack: AttackName;
  readonly target: AttackTarget & {
    /** What a person calls it: the data set and whose images, or the session's title. */
    readonly description: string;
  };
  readonly protection: Protection;
  /** All of them, defaults included. */
  readonly settings: Readonly<Record<string, AttackSetting>>;
  readonly seed: number;
  /** ISO 8601 */
  readonly startedAt: string;
  /** Of the attack itself, from the first step to the last, victim's training included. */
  readonly seconds: number;
  readonly engine: string;
  readonly images: readonly AttackImage[];
  readonly series: readonly AttackSeries[];
  readonly rows: readonly AttackRow[];
}

export interface AttackReportSummary {
  /** 'attack-12' */
  readonly id: string;
  readonly attack: AttackName;
  readonly startedAt: string;
  readonly seconds: number;
  readonly protection: Protection;
  readonly settings: Readonly<Record<string, AttackSetting>>;
  readonly outcome: AttackOutcome;
  readonly results: AttackFindings['results'];
  readonly threshold: AttackFindings['threshold'];
  readonly facts: AttackFindings['facts'];
  /** The person has put it into the report. */
  readonly inReport: boolean;
}
