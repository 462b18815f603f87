/** French: texts of the attack crowd-size. Part of attacks/fr.ts. */
import type { Message } from '../translate.ts';
import type { crowdSizeEnglish } from './crowd-size-en.ts';

export const crowdSizeFrench: Readonly<Record<keyof typeof crowdSizeEnglish, Message>> = {
  'attack.crowd-size.question': 'Quelle foule vous cache dans la somme ?',
  'attack.crowd-size.method': 'La même formule, sur la somme des mises à jour de plusieurs personnes',
};
