/** French: texts of the attack privacy-gauges. Part of attacks/fr.ts. */
import type { Message } from '../translate.ts';
import type { privacyGaugesEnglish } from './privacy-gauges-en.ts';

export const privacyGaugesFrench: Readonly<Record<keyof typeof privacyGaugesEnglish, Message>> = {
  'attack.privacy-gauges.question': 'L’attaque a échoué. Êtes-vous protégé ?',
  'attack.privacy-gauges.method':
    'Écrêtage et bruit : ce que l’attaque lit encore, et ce qui est prouvé contre toute attaque',
};
