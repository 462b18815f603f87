/** What is known of an attack before it runs: for the gallery, the command line, and whoever checks a request. */
import type { z } from 'zod';
import type { AttackSetting, Protection } from './attack-request.ts';
import type { AttackName, AttackSeat, MetricName } from './names.ts';

/** One of the buttons "now switch on": the same attack, target and seed with these changes to the defaults. */
export interface AttackSwitch {
  /** Unique in its attack; texts stand under `attack.NAME.switch.ID`, or under `lab.switch.ID` where several attacks share it. */
  readonly id: string;
  readonly protection: Partial<Protection>;
  readonly settings: Readonly<Record<string, AttackSetting>>;
}

export interface AttackDescription {
  readonly name: AttackName;
  readonly seat: AttackSeat;
  /** Papers and sections. */
  readonly source: string;
  /** With default settings on two cores, measured (docs/attacks.md). */
  readonly seconds: number;
  /** Every field has a default, a range and a description in English. */
  readonly settings: z.ZodObject;
  /** Changes to the defaults that make it quick, for tests and for `attack suite --quick`. */
  readonly quick: Readonly<Record<string, AttackSetting>>;
  /** The first is where a person starts. */
  readonly switches: readonly AttackSwitch[];
  readonly targets: readonly ('fresh' | 'model' | 'update')[];
  /** What pictures' values are in, and what the axis under them shows. */
  readonly axis: {
    readonly metric: MetricName;
    readonly from: number;
    readonly to: number;
    readonly threshold: number;
  };
}

/** The six that an attack on an update knows. */
export const updateSwitches: readonly AttackSwitch[] = [
  { id: 'none', protection: {}, settings: {} },
  { id: 'signature', protection: { signature: true }, settings: {} },
  { id: 'masks', protection: { masks: true, signature: true }, settings: {} },
  { id: 'noise-0.01', protection: { noise: 0.01 }, settings: {} },
  { id: 'noise-0.03', protection: { noise: 0.03 }, settings: {} },
  { id: 'everything', protection: { signature: true, masks: true, noise: 1 }, settings: {} },
];
