/** English: the attack lab's demonstrations, one file each. Part of en.ts. */
import { closedFormEnglish } from './closed-form-en.ts';
import { crowdSizeEnglish } from './crowd-size-en.ts';
import { privacyGaugesEnglish } from './privacy-gauges-en.ts';
import { twoStageEnglish } from './two-stage-en.ts';
import { modelInversionEnglish } from './model-inversion-en.ts';
import { dishonestCoordinatorEnglish } from './dishonest-coordinator-en.ts';
import { backdoorEnglish } from './backdoor-en.ts';
import { forgeryEnglish } from './forgery-en.ts';
import { gradientMatchingEnglish } from './gradient-matching-en.ts';
import { membershipInferenceEnglish } from './membership-inference-en.ts';
import { pruningEnglish } from './pruning-en.ts';

export const attacksEnglish = {
  ...closedFormEnglish,
  ...crowdSizeEnglish,
  ...privacyGaugesEnglish,
  ...twoStageEnglish,
  ...modelInversionEnglish,
  ...dishonestCoordinatorEnglish,
  ...backdoorEnglish,
  ...forgeryEnglish,
  ...gradientMatchingEnglish,
  ...membershipInferenceEnglish,
  ...pruningEnglish,
};
