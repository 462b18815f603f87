/** French: texts of the attack closed-form. Part of attacks/fr.ts. */
import type { Message } from '../translate.ts';
import type { closedFormEnglish } from './closed-form-en.ts';

export const closedFormFrench: Readonly<Record<keyof typeof closedFormEnglish, Message>> = {
  'attack.closed-form.question': 'Une mise à jour peut-elle trahir votre dessin ?',
  'attack.closed-form.method':
    'Formule directe sur la première couche dense : une ligne de poids divisée par son biais est une image',
};
