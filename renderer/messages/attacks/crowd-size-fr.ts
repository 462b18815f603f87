/** French: texts of the attack crowd-size. Part of attacks/fr.ts. */
import type { Message } from '../translate.ts';
import type { crowdSizeEnglish } from './crowd-size-en.ts';

export const crowdSizeFrench: Readonly<Record<keyof typeof crowdSizeEnglish, Message>> = {
  'attack.crowd-size.title': 'Une foule, mais de combien ?',
  'attack.crowd-size.question': 'Quelle foule vous cache dans la somme ?',
  'attack.crowd-size.method': 'La même formule, sur la somme des mises à jour de plusieurs personnes',
  'attack.crowd-size.sees.sum': {
    one: 'la somme de {count} mise à jour masquée, une fois les masques annulés',
    other: 'la somme de {count} mises à jour masquées, une fois les masques annulés',
  },
  'attack.crowd-size.sees.noisy': {
    one: 'la somme de {count} mise à jour masquée, une fois les masques annulés ; sous le masque, un bruit de {noise} normes d’écrêtage',
    other:
      'la somme de {count} mises à jour masquées, une fois les masques annulés ; sous chacun, un bruit de {noise} normes d’écrêtage',
  },
  'attack.crowd-size.sees.each': {
    one: '{count} vraie mise à jour, telle quelle',
    other: '{count} vraies mises à jour, une par une',
  },
  'attack.crowd-size.target': {
    one: '{count} personne, une image et un gradient d’un réseau neuf de {units} unités cachées',
    other: '{count} personnes, une image et un gradient chacune, un réseau neuf de {units} unités cachées',
  },

  'attack.crowd-size.leaks.all': {
    one: 'Seul, on n’est pas une foule. L’image est revenue de sa somme.',
    other: '{count}, c’est trop peu. Les {count} images sont toutes revenues de leur somme.',
  },
  'attack.crowd-size.leaks.some': '{count}, c’est trop peu. Images revenues de la somme : {came}.',
  'attack.crowd-size.leaks.each': 'Sans masques, pas de foule : chaque mise à jour se lit seule.',
  'attack.crowd-size.partly': {
    one: '{count} en cachent la plupart, pas toutes : images revenues de la somme, {came}.',
    other: '{count} en cachent la plupart, pas toutes : images revenues de la somme, {came}.',
  },
  'attack.crowd-size.partly.strokes':
    'Parmi {count}, aucune image n’est revenue entière, mais des traits se voient.',
  'attack.crowd-size.stopped':
    'De la somme de {count}, cette attaque ne tire rien. Une meilleure le pourrait.',
  'attack.crowd-size.stopped.noise':
    'Cette attaque a échoué : la somme porte du bruit. Vous n’êtes pas protégé.',
  'attack.crowd-size.stopped.bound': 'Cette attaque a échoué, et une borne vaut pour toute autre.',

  'attack.crowd-size.evidence':
    'Retrouvées : {share}, sans attaque {base} ; ressemblance médiane : {psnr}, sans attaque au mieux {value} ({name}).',
  'attack.crowd-size.evidence.masks':
    'Une mise à jour masquée, seule, donne {alone}, du bruit pur {noise} : les masques cachent une mise à jour, pas la somme d’un petit groupe.',
  'attack.crowd-size.evidence.each':
    'Toutes ont été lues dans de vraies mises à jour, que des masques auraient cachées.',
  'attack.crowd-size.short': '{came} sur {count}, de leur somme',

  'attack.crowd-size.switch.crowd-8': 'Somme de 8',
  'attack.crowd-size.switch.crowd-16': 'Somme de 16',
  'attack.crowd-size.switch.crowd-32': 'Somme de 32',
  'attack.crowd-size.switch.crowd-64': 'Somme de 64',
  'attack.crowd-size.switch.crowd-128': 'Somme de 128',
  'attack.crowd-size.switch.none': 'Sans masques',
  'attack.crowd-size.switch.sum-noise': 'Somme, bruit 0,01',
  'attack.crowd-size.setting.clients': 'Personnes dans la somme',
  'attack.crowd-size.setting.hidden': 'Unités cachées',
  'attack.crowd-size.setting.series': 'D’autres foules aussi',
  'attack.crowd-size.stage.summing': 'Les mises à jour masquées s’additionnent',
  'attack.crowd-size.series.recovered': 'Revenues de la somme',
  'attack.crowd-size.series.recovered.x': 'personnes dans la somme',
  'attack.crowd-size.series.recovered.y': 'part de leurs images',
  'attack.crowd-size.series.psnr': 'Ressemblance médiane',
  'attack.crowd-size.series.psnr.x': 'personnes dans la somme',
  'attack.crowd-size.series.psnr.y': 'dB',
  'attack.crowd-size.row.masked': 'Une mise à jour masquée',
  'attack.crowd-size.column.name': 'Personnes dans la somme',
  'attack.crowd-size.image.randomNoise': 'Attaque sur du bruit',

  'attack.crowd-size.notes':
    'Sous les masques, le coordinateur voit la somme et rien d’autre. Demandez à la salle combien de personnes il faut pour que plus personne ne s’y lise. Huit, c’est trop peu : une somme de huit est un lot de huit. Lancez pour 32, puis 128. Dites alors ce que les masques promettent : que rien d’autre que la somme n’est vu, pas que la somme ne dit rien.',
};
