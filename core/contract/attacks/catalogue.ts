/** Every demonstration of the attack lab. */
import { closedForm } from './closed-form.ts';
import { crowdSize } from './crowd-size.ts';
import { privacyGauges } from './privacy-gauges.ts';
import { twoStage } from './two-stage.ts';
import { modelInversion } from './model-inversion.ts';
import { dishonestCoordinator } from './dishonest-coordinator.ts';
import { backdoor } from './backdoor.ts';
import { forgery } from './forgery.ts';
import { gradientMatching } from './gradient-matching.ts';
import { membershipInference } from './membership-inference.ts';
import { pruning } from './pruning.ts';
import type { AttackDescription } from './description.ts';
import type { AttackName } from './names.ts';

export const attackCatalogue: Readonly<Record<AttackName, AttackDescription>> = {
  'closed-form': closedForm,
  'crowd-size': crowdSize,
  'privacy-gauges': privacyGauges,
  'two-stage': twoStage,
  'model-inversion': modelInversion,
  'dishonest-coordinator': dishonestCoordinator,
  backdoor,
  forgery,
  'gradient-matching': gradientMatching,
  'membership-inference': membershipInference,
  pruning,
};
