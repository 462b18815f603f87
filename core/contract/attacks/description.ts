/** What is known of an attack before it runs: for the gallery, the command line, and whoever checks a request. */
import type { z } from 'zod';
import { type AttackRequest, type AttackSetting, type Protection, unprotected } from './attack-request.ts';
import type { AttackName, AttackSeat, MetricName } from './names.ts';

/** One of the buttons "now switch on": the same attack, target and seed with these changes to the defaults. */
export interface AttackSwitch {
  /** Unique in its attack; texts stand under `attack.NAME.switch.ID`, or under `lab.switch.ID` where several attacks share it. */
  readonly id: string;
  readonly protection: Partial<Protection>;
  readonly settings: Readonly<Record<string, AttackSetting>>;
}

/** A figure from elsewhere, which docs/attacks.md sets beside what was measured here. */
export interface AttackComparison {
  /** Id of the switch or case that it is about. */
  readonly switch: string;
  /** One of the results, or of the numbers in a row of its table. */
  readonly figure: MetricName | { readonly row: string; readonly cell: string };
  readonly value: number;
  /**
   * least, most: an aim, which is reached or not; about: to compare with; unlike: a paper's, measured on other data, another
   * model or another number of images, so that it is shown and not judged.
   */
  readonly kind: 'least' | 'most' | 'about' | 'unlike';
  /** In English, as the end of "from": 'an earlier measurement, one seed'; of a paper, its place and the setting there. */
  readonly source: string;
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
  /** What `attack suite` measures beside the switches; ids differ from theirs. */
  readonly cases?: readonly AttackSwitch[];
  readonly comparisons?: readonly AttackComparison[];
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

const plain = { protection: {}, settings: {} };

/** The request of a switch or case, before anything else is changed. */
export function switchedRequest(
  { name, switches }: AttackDescription,
  { protection, settings }: Pick<AttackSwitch, 'protection' | 'settings'> = switches[0] ?? plain,
): Pick<AttackRequest, 'attack' | 'protection' | 'settings'> {
  return { attack: name, protection: { ...unprotected, ...protection }, settings: { ...settings } };
}
