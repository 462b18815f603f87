/** French: texts of the attack pruning. Part of attacks/fr.ts. */
import type { Message } from '../translate.ts';
import type { pruningEnglish } from './pruning-en.ts';

export const pruningFrench: Readonly<Record<keyof typeof pruningEnglish, Message>> = {
  'attack.pruning.question': 'Suffit-il d’envoyer les plus grandes valeurs ?',
  'attack.pruning.method': 'La formule directe sur ce qui reste d’une mise à jour élaguée',
};
