/** French: texts of the attack two-stage. Part of attacks/fr.ts. */
import type { Message } from '../translate.ts';
import type { twoStageEnglish } from './two-stage-en.ts';

export const twoStageFrench: Readonly<Record<keyof typeof twoStageEnglish, Message>> = {
  'attack.two-stage.question': 'Un réseau à convolutions cache-t-il mieux ?',
  'attack.two-stage.method': 'D’abord les caractéristiques par la formule, puis l’image qui les possède',
};
