/** French: texts of the attack dishonest-coordinator. Part of attacks/fr.ts. */
import type { Message } from '../translate.ts';
import type { dishonestCoordinatorEnglish } from './dishonest-coordinator-en.ts';

export const dishonestCoordinatorFrench: Readonly<Record<keyof typeof dishonestCoordinatorEnglish, Message>> =
  {
    'attack.dishonest-coordinator.question': 'Et si le coordinateur vous envoyait un autre modèle ?',
    'attack.dishonest-coordinator.method':
      'Un modèle fait pour fuir, ou un autre modèle pour une seule personne',
  };
