/** French: texts of the attack gradient-matching. Part of attacks/fr.ts. */
import type { Message } from '../translate.ts';
import type { gradientMatchingEnglish } from './gradient-matching-en.ts';

export const gradientMatchingFrench: Readonly<Record<keyof typeof gradientMatchingEnglish, Message>> = {
  'attack.gradient-matching.title': 'Appariement de gradients',
  'attack.gradient-matching.question': 'Deviner, comparer, corriger : l’appariement de gradients',
  'attack.gradient-matching.method': 'Cherche l’image dont le gradient est la mise à jour',

  'attack.gradient-matching.target.fresh': 'une mise à jour : {images}, un pas de SGD, {network}',
  'attack.gradient-matching.target.update':
    'la mise à jour du client {client}, telle qu’elle est arrivée, cherchée comme si c’était un seul pas',
  'attack.gradient-matching.images': { one: '{count} image', other: '{count} images' },
  'attack.gradient-matching.network.mlp-sigmoid': 'un réseau dense neuf à sigmoïdes',
  'attack.gradient-matching.network.cnn-small': 'un petit réseau à convolutions neuf',
  'attack.gradient-matching.network.cnn-relu':
    'un petit réseau à convolutions neuf, avec ReLU et sous-échantillonnage',

  'attack.gradient-matching.leaks.all': {
    one: 'Oui. D’essai en essai, l’image est revenue.',
    other: 'Oui. D’essai en essai, les {count} images sont toutes revenues.',
  },
  'attack.gradient-matching.leaks.drawing': {
    one: 'Oui. D’essai en essai, votre dessin est revenu.',
    other: 'Oui. D’essai en essai, les {count} images sont toutes revenues, votre dessin aussi.',
  },
  'attack.gradient-matching.leaks.some': 'Oui. Images revenues : {came} sur {count}.',
  'attack.gradient-matching.partly.some': 'En partie. Images revenues : {came} sur {count}.',
  'attack.gradient-matching.partly.strokes':
    'En partie. La recherche s’est approchée sans aboutir : les traits se voient, les gris ne sont pas les bons.',
  'attack.gradient-matching.stopped.many':
    'Non. Une mise à jour faite de beaucoup d’images et de pas n’est pas un gradient que cette recherche sache recalculer.',
  'attack.gradient-matching.stopped.adam':
    'Non. Adam, en local, ne déplace pas les poids comme les gradients, et cette recherche apparie des gradients.',

  'attack.gradient-matching.evidence.labels':
    'Classes justes : {value}, lues dans le biais de la dernière couche ; au hasard {chance}.',
  'attack.gradient-matching.evidence.labels.searched':
    'Classes justes : {value}, cherchées en même temps que les images ; au hasard {chance}.',
  'attack.gradient-matching.evidence.many':
    'Images cherchées : {count}, sur {examples} à l’origine de la mise à jour, en {steps} pas d’entraînement.',

  'attack.gradient-matching.switch.dlg': 'DLG',
  'attack.gradient-matching.switch.batch-4': 'Quatre images',
  'attack.gradient-matching.switch.relu': 'ReLU, sous-échantillonnage',
  'attack.gradient-matching.switch.mlp': 'Réseau à sigmoïdes',
  'attack.gradient-matching.setting.variant': 'Ce qui est apparié',
  'attack.gradient-matching.setting.variant.dlg': 'La distance (DLG)',
  'attack.gradient-matching.setting.variant.cosine': 'L’angle',
  'attack.gradient-matching.setting.model': 'Réseau',
  'attack.gradient-matching.setting.model.mlp-sigmoid': 'Dense, sigmoïdes',
  'attack.gradient-matching.setting.model.cnn-small': 'Petit CNN, tanh',
  'attack.gradient-matching.setting.model.cnn-relu': 'Petit CNN, ReLU',
  'attack.gradient-matching.setting.batch': 'Images privées',
  'attack.gradient-matching.setting.steps': 'Pas de la recherche',
  'attack.gradient-matching.setting.labels': 'Les classes sont',
  'attack.gradient-matching.setting.labels.read': 'Lues dans la mise à jour',
  'attack.gradient-matching.setting.labels.searched': 'Cherchées aussi',
  'attack.gradient-matching.setting.signed': 'Signes seuls',
  'attack.gradient-matching.setting.variation': 'Poids de la régularité',
  'attack.gradient-matching.series.loss': 'Distance des gradients',
  'attack.gradient-matching.series.loss.x': 'pas',
  'attack.gradient-matching.series.loss.y': 'distance',
  'attack.gradient-matching.series.psnr': 'Ressemblance',
  'attack.gradient-matching.series.psnr.x': 'pas',
  'attack.gradient-matching.series.psnr.y': 'dB',
  'attack.gradient-matching.image.randomNoise': 'Attaque sur du bruit',

  'attack.gradient-matching.notes':
    'Regardez le bruit devenir un chiffre. L’attaquant ne voit jamais l’image : il en devine une, calcule le gradient qu’elle donnerait, et corrige. Il n’a besoin d’aucune couche particulière, seulement d’un pas qu’il sache recalculer. Essayez quatre images, puis ReLU et sous-échantillonnage : il suit plus difficilement. Ensuite les masques : la même recherche apparie du bruit, et dessine du bruit.',
};
