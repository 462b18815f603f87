/** French: texts of the attack membership-inference. Part of attacks/fr.ts. */
import type { Message } from '../translate.ts';
import type { membershipInferenceEnglish } from './membership-inference-en.ts';

export const membershipInferenceFrench: Readonly<Record<keyof typeof membershipInferenceEnglish, Message>> = {
  'attack.membership-inference.question': 'Votre image faisait-elle partie des données ?',
  'attack.membership-inference.method': 'Un modèle est plus sûr de ce qu’il a déjà vu',
};
