/** French: texts of the attack forgery. Part of attacks/fr.ts. */
import type { Message } from '../translate.ts';
import type { forgeryEnglish } from './forgery-en.ts';

export const forgeryFrench: Readonly<Record<keyof typeof forgeryEnglish, Message>> = {
  'attack.forgery.question': 'Falsifier, rejouer, altérer : qu’est-ce qui passe ?',
  'attack.forgery.method': 'Chaque ruse est tentée contre le vrai protocole',
};
