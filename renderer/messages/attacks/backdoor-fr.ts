/** French: texts of the attack backdoor. Part of attacks/fr.ts. */
import type { Message } from '../translate.ts';
import type { backdoorEnglish } from './backdoor-en.ts';

export const backdoorFrench: Readonly<Record<keyof typeof backdoorEnglish, Message>> = {
  'attack.backdoor.question': 'Que peut une seule mise à jour empoisonnée ?',
  'attack.backdoor.method':
    'Remplacement de modèle : une mise à jour amplifiée jusqu’à l’emporter sur les autres',
};
