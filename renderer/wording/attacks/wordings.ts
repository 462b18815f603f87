/** Every attack's sentences, by its name. */
import type { AttackName } from '../../../core/contract/attacks/names.ts';
import type { AttackWording } from './attack-wording.ts';
import { backdoorWording } from './backdoor.ts';
import { closedFormWording } from './closed-form.ts';
import { crowdSizeWording } from './crowd-size.ts';
import { dishonestCoordinatorWording } from './dishonest-coordinator.ts';
import { forgeryWording } from './forgery.ts';
import { gradientMatchingWording } from './gradient-matching.ts';
import { membershipInferenceWording } from './membership-inference.ts';
import { modelInversionWording } from './model-inversion.ts';
import { privacyGaugesWording } from './privacy-gauges.ts';
import { pruningWording } from './pruning.ts';
import { twoStageWording } from './two-stage.ts';

const attackWordings: Readonly<Record<AttackName, AttackWording>> = {
  'closed-form': closedFormWording,
  'crowd-size': crowdSizeWording,
  'privacy-gauges': privacyGaugesWording,
  'two-stage': twoStageWording,
  'model-inversion': modelInversionWording,
  'dishonest-coordinator': dishonestCoordinatorWording,
  backdoor: backdoorWording,
  forgery: forgeryWording,
  'gradient-matching': gradientMatchingWording,
  'membership-inference': membershipInferenceWording,
  pruning: pruningWording,
};

export function wordingOf(name: AttackName): AttackWording {
  return attackWordings[name];
}
