/** French: texts of the attack gradient-matching. Part of attacks/fr.ts. */
import type { Message } from '../translate.ts';
import type { gradientMatchingEnglish } from './gradient-matching-en.ts';

export const gradientMatchingFrench: Readonly<Record<keyof typeof gradientMatchingEnglish, Message>> = {
  'attack.gradient-matching.question': 'Deviner, comparer, corriger : l’appariement de gradients',
  'attack.gradient-matching.method': 'Cherche l’image dont le gradient est la mise à jour',
};
