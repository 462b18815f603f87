/**
 * What a coordinator can make of one round's updates, with and without masks. Without: any rule over the single updates.
 * With masks it has the sum alone: its mean, clipping by the clients' own programs, and a look at the model that comes of it.
 */
import { type BackdoorRule, backdoorRules } from '../contract/attacks/backdoor.ts';
import { updateByRule } from '../fedavg/individual-updates.ts';
import { assumedPoisoned, clipToNorm, medianNormOf, multiKrumOf } from '../fedavg/robust-aggregation.ts';
import { MaskedSum, type ReadingConditions } from './protect.ts';

/** Of a cheater whose program leaves the clipping out, and of one that cheats with its images alone. */
const maskedRules = ['mean', 'client-clipping-skipped', 'client-clipping'] as const;

/** One round: everybody's update, the cheater's last. */
export interface PoisonedRound {
  readonly honest: readonly Float32Array[];
  readonly poison: Float32Array;
}

/** A rule by the name of its row, and the updates that reach the coordinator under it. */
export interface Candidate {
  readonly name: string;
  readonly sent: readonly Float32Array[];
}

export function needsIndividualUpdates(rule: BackdoorRule): boolean {
  return rule !== 'mean' && rule !== 'norm-clipping';
}

export const individualRules = backdoorRules.filter(needsIndividualUpdates);

/** Which row says what comes of the rule that was chosen. */
export function rowOf(rule: BackdoorRule, masks: boolean): string {
  return masks && rule === 'norm-clipping' ? 'client-clipping-skipped' : rule;
}

export function candidates({ honest, poison }: PoisonedRound, masks: boolean): readonly Candidate[] {
  if (!masks) return backdoorRules.map((name) => ({ name, sent: [...honest, poison] }));
  // agreed on beforehand in a real session; the median of the honest ones is the best guess, in hindsight
  const norm = medianNormOf(honest);
  const kept = honest.map((update) => clipToNorm(update, norm));
  const sent = {
    mean: [...honest, poison],
    'client-clipping-skipped': [...kept, poison],
    'client-clipping': [...kept, clipToNorm(poison, norm)],
  };
  return maskedRules.map((name) => ({ name, sent: sent[name] }));
}

/** [d] what a rule makes of single updates. */
export function aggregated(rule: BackdoorRule, updates: readonly Float32Array[]): Float64Array {
  return rule === 'multi-krum'
    ? multiKrumOf(updates, assumedPoisoned(updates.length))
    : updateByRule(rule, updates);
}

/** [d] the mean that comes out of a masked sum (protect.ts); yields after each client. */
export function* unmaskedMean(
  updates: readonly Float32Array[],
  conditions: ReadingConditions,
): Generator<number, Float64Array, void> {
  const sum = new MaskedSum(updates[0]?.length ?? 0, updates.length, conditions);
  for (const [index, update] of updates.entries()) {
    sum.add(update);
    yield index + 1;
  }
  return sum.open().map((value) => value / updates.length);
}
