/** French: texts of the attack model-inversion. Part of attacks/fr.ts. */
import type { Message } from '../translate.ts';
import type { modelInversionEnglish } from './model-inversion-en.ts';

export const modelInversionFrench: Readonly<Record<keyof typeof modelInversionEnglish, Message>> = {
  'attack.model-inversion.question': 'De quoi les poids se souviennent-ils à eux seuls ?',
  'attack.model-inversion.method': 'Cherche l’image dont le modèle est le plus sûr',
};
