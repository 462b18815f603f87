/** French: texts of the attack two-stage. Part of attacks/fr.ts. */
import type { Message } from '../translate.ts';
import type { twoStageEnglish } from './two-stage-en.ts';

export const twoStageFrench: Readonly<Record<keyof typeof twoStageEnglish, Message>> = {
  'attack.two-stage.title': 'La même sur un CNN',
  'attack.two-stage.question': 'Un réseau à convolutions trahit-il aussi votre dessin ?',
  'attack.two-stage.method': 'D’abord les caractéristiques par la formule, puis l’image qui les possède',

  'attack.two-stage.target.fresh': 'une mise à jour : {images}, un pas de SGD, un réseau {network} neuf',
  'attack.two-stage.target.model': 'une mise à jour du modèle choisi : {images}, un pas de SGD',
  'attack.two-stage.target.update':
    'la mise à jour du client {client}, telle qu’elle est arrivée, lue comme si c’était un seul pas',
  'attack.two-stage.images': { one: '{count} image', other: '{count} images' },

  'attack.two-stage.leaks.one': 'Oui. L’image est revenue à travers toutes les convolutions.',
  'attack.two-stage.leaks.drawing': 'Oui. Votre dessin est revenu à travers toutes les convolutions.',
  'attack.two-stage.leaks.some': 'Oui. Images revenues à travers les convolutions : {came} sur {count}.',
  'attack.two-stage.partly.dropout':
    'En partie, par accident : le dropout avait effacé la moitié des caractéristiques, et des traits se voient encore.',
  'attack.two-stage.partly.mixed':
    'En partie. Les caractéristiques de plusieurs images se mélangent ; ce qui revient les désigne encore.',
  'attack.two-stage.partly': 'En partie. La recherche s’est approchée sans aboutir.',
  'attack.two-stage.stopped.mixed':
    'Cette attaque a échoué : les caractéristiques de plusieurs images se mélangent. Une autre saura peut-être les séparer.',
  'attack.two-stage.stopped.many':
    'Cette attaque a échoué : elle lit un pas de SGD simple, et cette mise à jour n’en est pas un.',

  'attack.two-stage.evidence.features':
    'La couche dense a livré {known} des {features} valeurs qu’elle avait reçues ; le dropout avait effacé les autres, ou elles étaient nulles.',
  'attack.two-stage.evidence.all': 'La couche dense a livré les {features} valeurs qu’elle avait reçues.',
  'attack.two-stage.evidence.deeper':
    'La couche dense a livré ce qu’elle avait reçu, ce qui a ouvert le gradient de la convolution d’avant : les {features} valeurs qui y étaient entrées, dropout ou non.',

  'attack.two-stage.stage.features': 'Les caractéristiques par la formule',
  'attack.two-stage.stage.again': 'Encore une fois, d’un autre bruit',
  'attack.two-stage.switch.cnn-two': 'Deux convolutions',
  'attack.two-stage.switch.batch-4': 'Quatre images',
  'attack.two-stage.setting.model': 'Réseau',
  'attack.two-stage.setting.model.cnn': 'Trois convolutions',
  'attack.two-stage.setting.model.cnn-two': 'Deux convolutions',
  'attack.two-stage.setting.model.cnn-light': 'Deux, sans couche cachée',
  'attack.two-stage.setting.batch': 'Images privées',
  'attack.two-stage.setting.steps': 'Pas de la recherche',
  'attack.two-stage.series.loss': 'Distance des caractéristiques',
  'attack.two-stage.series.loss.x': 'pas',
  'attack.two-stage.series.loss.y': 'distance',
  'attack.two-stage.series.psnr': 'Ressemblance',
  'attack.two-stage.series.psnr.x': 'pas',
  'attack.two-stage.series.psnr.y': 'dB',
  'attack.two-stage.image.randomNoise': 'Attaque sur du bruit',

  'attack.two-stage.notes':
    'Demandez si les convolutions protègent, maintenant qu’aucune couche dense ne lit l’image. Celle qui les suit livre ce qu’elle a reçu, par une division ; le dropout en a effacé la moitié. Ce qui reste ouvre le gradient de la dernière convolution, et tout ce qui y est entré. Ensuite, c’est la recherche de l’image qui a ces valeurs. Avec deux convolutions, ce gradient manque, et moins revient ; avec quatre images, tout se mélange : ce sont les limites de cette attaque, pas une protection.',
};
