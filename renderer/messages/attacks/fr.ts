/** French: the attack lab's demonstrations, one file each. Part of fr.ts. */
import { closedFormFrench } from './closed-form-fr.ts';
import { crowdSizeFrench } from './crowd-size-fr.ts';
import { privacyGaugesFrench } from './privacy-gauges-fr.ts';
import { twoStageFrench } from './two-stage-fr.ts';
import { modelInversionFrench } from './model-inversion-fr.ts';
import { dishonestCoordinatorFrench } from './dishonest-coordinator-fr.ts';
import { backdoorFrench } from './backdoor-fr.ts';
import { forgeryFrench } from './forgery-fr.ts';
import { gradientMatchingFrench } from './gradient-matching-fr.ts';
import { membershipInferenceFrench } from './membership-inference-fr.ts';
import { pruningFrench } from './pruning-fr.ts';

export const attacksFrench = {
  ...closedFormFrench,
  ...crowdSizeFrench,
  ...privacyGaugesFrench,
  ...twoStageFrench,
  ...modelInversionFrench,
  ...dishonestCoordinatorFrench,
  ...backdoorFrench,
  ...forgeryFrench,
  ...gradientMatchingFrench,
  ...membershipInferenceFrench,
  ...pruningFrench,
};
