/** What an attack is handed, from what a person has chosen. */
import type { AttackRequest } from '../../core/contract/attacks/attack-request.ts';
import { attackCatalogue } from '../../core/contract/attacks/catalogue.ts';
import type { Drawing } from '../../core/contract/results.ts';
import type { LabelledImages } from '../../core/datasets/dataset.ts';
import { digitSide } from '../../core/datasets/drawing.ts';
import { FederationError, invalidSetting } from '../../core/errors/federation-error.ts';
import type { AttackJob, AttackJobMaterial } from '../compute/channel.ts';

export interface ChosenTarget {
  readonly material: AttackJobMaterial;
  /** What a person calls it. */
  readonly description: string;
  /** 'mnist' or a folder. */
  readonly dataset: string;
}

/** A fresh model, with nothing of this machine's. */
export const freshTarget: ChosenTarget = {
  material: { drawings: undefined, model: undefined, observed: undefined },
  description: 'MNIST',
  dataset: 'mnist',
};

/** drawings: oldest first. undefined where there are none; newest first. */
export function drawnImages(drawings: readonly Drawing[]): LabelledImages | undefined {
  if (drawings.length === 0) return undefined;
  const newest = drawings.toReversed();
  const size = digitSide * digitSide;
  const images = new Uint8Array(newest.length * size);
  for (const [index, { pixels }] of newest.entries()) images.set(pixels, index * size);
  const labels = Uint8Array.from(newest, ({ label }) => label);
  return { images, labels, count: newest.length, height: digitSide, width: digitSide, channels: 1 };
}

/** What a process is sent of a request; engine and whether it gives way are whoever runs it to say. */
export function attackJob(
  request: AttackRequest,
  settings: AttackJob['settings'],
  { material }: ChosenTarget,
): Pick<AttackJob, 'kind' | 'attack' | 'settings' | 'protection' | 'seed' | 'material'> {
  const { attack, protection, seed } = request;
  return { kind: 'attack', attack, settings, protection, seed, material };
}

/** Throws FederationError 'invalid-setting' where the attack has no such targets. */
export function requireTarget({ attack, target }: Pick<AttackRequest, 'attack' | 'target'>): void {
  const { targets } = attackCatalogue[attack];
  if (!targets.includes(target.kind)) throw invalidSetting('target', target.kind, targets.join(' or '));
}

export function targetUnknown(target: string, why: string): FederationError<'target-unknown'> {
  return new FederationError('target-unknown', `Cannot attack ${target}, as ${why}.`, {
    details: { target },
    blame: 'user',
    action: 'correct',
  });
}

export function notADemonstration(activity: string): FederationError<'not-a-demonstration'> {
  return new FederationError(
    'not-a-demonstration',
    "Cannot attack a person's update of this session, as it must have been started as a demonstration that everyone agreed to, and was not.",
    { details: { activity }, blame: 'user', action: 'correct' },
  );
}
