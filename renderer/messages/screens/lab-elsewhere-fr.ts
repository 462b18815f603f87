/** French: the attack lab's words on other screens, which are there before the lab is opened. Part of fr.ts. */
import type { Message } from '../translate.ts';
import type { labElsewhereEnglish } from './lab-elsewhere-en.ts';

export const labElsewhereFrench: Readonly<Record<keyof typeof labElsewhereEnglish, Message>> = {
  // drawing what is to be attacked, answering a question to the room
  'lab.draw.attack': 'L’attaquer',
  'lab.draw.back': 'Retour à l’attaque',
  'lab.vote.choice': 'Image {letter}',

  // what went wrong
  'lab.problem.target-unknown':
    'Ce qui devait être attaqué n’est plus là, ou rien n’en est gardé. Choisissez une autre cible.',
  'lab.problem.not-a-demonstration':
    'La mise à jour d’une personne ne peut être attaquée que dans une simulation, ou dans une session ouverte comme démonstration et acceptée par toutes et tous. Celle-ci ne l’a pas été.',
  'lab.problem.attack-died':
    'Le processus de l’attaque s’est arrêté avant la fin. Libérez de la mémoire, puis relancez l’attaque.',

  // rules of aggregation
  'attack.backdoor.rule.mean': 'la moyenne simple',
  'attack.backdoor.rule.norm-clipping': 'l’écrêtage des normes',
  'attack.backdoor.rule.median': 'la médiane',
  'attack.backdoor.rule.trimmed-mean': 'la moyenne tronquée',
  'attack.backdoor.rule.krum': 'Krum',
  'attack.backdoor.rule.multi-krum': 'multi-Krum',

  // keys
  'lab.keys': 'Dans le laboratoire d’attaques',
  'lab.keys.run': 'Lance, ou relance',
  'lab.keys.switch': 'Sous une autre protection',
  'lab.keys.walk': 'En présentant : la suivante, la précédente',
  'lab.keys.notes': 'En présentant : les notes de l’orateur',
  'lab.keys.vote': 'Demande à la salle ; révèle',
};
