/** French: texts of the attack pruning. Part of attacks/fr.ts. */
import type { Message } from '../translate.ts';
import type { pruningEnglish } from './pruning-en.ts';

export const pruningFrench: Readonly<Record<keyof typeof pruningEnglish, Message>> = {
  'attack.pruning.title': 'Élaguer ne protège pas',
  'attack.pruning.question': 'Suffit-il d’envoyer les plus grandes valeurs ?',
  'attack.pruning.method': 'Une image ajustée à ce qui reste d’une mise à jour élaguée',
  'attack.pruning.sees': 'une mise à jour à la fois, dont {keep} ont été envoyés, les plus grandes valeurs',
  'attack.pruning.sees.noise':
    'une mise à jour à la fois, dont {keep} ont été gardés, les plus grandes valeurs, puis écrêtée, avec un bruit de {noise} normes d’écrêtage',
  'attack.pruning.target': {
    one: '{count} personne, une image et un gradient d’un réseau neuf de {units} unités cachées',
    other: '{count} personnes, une image et un gradient chacune, un réseau neuf de {units} unités cachées',
  },

  'attack.pruning.leaks.all': {
    one: 'Non. L’image est revenue de {keep} de la mise à jour.',
    other: 'Non. Les {count} images sont toutes revenues de {keep} de la mise à jour.',
  },
  'attack.pruning.leaks.some': 'Non. Images revenues de {keep} de la mise à jour : {came} sur {count}.',
  'attack.pruning.partly': 'Non. Les gris sont perdus, pas les traits.',
  'attack.pruning.stopped':
    'Cette attaque n’a rien trouvé dans {keep} de la mise à jour. Une autre le pourrait.',
  'attack.pruning.stopped.masked':
    'Les plus grandes valeurs sont masquées elles aussi : l’attaque ne tire que du bruit.',
  'attack.pruning.evidence':
    'Valeurs envoyées : {sent} sur {parameters}. Images retrouvées : {came} sur {count} ; ressemblance médiane : {psnr}. Le mieux sans attaque, {name} : {value}.',
  'attack.pruning.evidence.masked':
    'La même attaque sur du bruit pur : {value}. Les masques la cachent, élaguer non.',
  'attack.pruning.short': '{came} sur {count}, de {keep}',

  'attack.pruning.switch.keep-all': 'Tout envoyé',
  'attack.pruning.switch.keep-10': '10 % envoyés',
  'attack.pruning.switch.keep-5': '5 % envoyés',
  'attack.pruning.switch.keep-1': '1 % envoyé',
  'attack.pruning.setting.keep': 'Part envoyée',
  'attack.pruning.setting.clients': 'Personnes attaquées',
  'attack.pruning.setting.hidden': 'Unités cachées',
  'attack.pruning.setting.series': 'D’autres parts aussi',
  'attack.pruning.series.psnr': 'Ressemblance médiane',
  'attack.pruning.series.psnr.x': '% de la mise à jour envoyés',
  'attack.pruning.series.psnr.y': 'dB',
  'attack.pruning.row.keep-100': 'Tout envoyé',
  'attack.pruning.row.keep-10': '10 % envoyés',
  'attack.pruning.row.keep-5': '5 % envoyés',
  'attack.pruning.row.keep-1': '1 % envoyé',
  'attack.pruning.image.keep-100': 'Tout envoyé',
  'attack.pruning.image.keep-10': '10 % envoyés',
  'attack.pruning.image.keep-5': '5 % envoyés',
  'attack.pruning.image.keep-1': '1 % envoyé',
  'attack.pruning.image.randomNoise': 'Attaque sur du bruit',

  'attack.pruning.notes':
    'N’envoyer que les plus grandes valeurs économise des octets, et passe parfois pour une protection. Demandez quelle part d’une mise à jour suffit à tirer une image. Un dixième donne une copie exacte, car chaque pixel qui n’est pas noir a été envoyé par quelque unité. À un pour cent, les gris s’en vont et le chiffre reste. Ce qui cache une mise à jour, c’est un masque.',
};
