/** Every attack's sentences, by its name. */
import type { AttackName } from '../../../core/contract/attacks/names.ts';
import type { AttackWording } from './attack-wording.ts';

const attackWordings: Partial<Readonly<Record<AttackName, AttackWording>>> = {};

export function wordingOf(name: AttackName): AttackWording {
  const wording = attackWordings[name];
  if (wording === undefined) throw new RangeError(`there are no words for the attack ${name}`);
  return wording;
}
