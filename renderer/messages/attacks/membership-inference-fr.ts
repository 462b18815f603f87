/** French: texts of the attack membership-inference. Part of attacks/fr.ts. */
import type { Message } from '../translate.ts';
import type { membershipInferenceEnglish } from './membership-inference-en.ts';

export const membershipInferenceFrench: Readonly<Record<keyof typeof membershipInferenceEnglish, Message>> = {
  'attack.membership-inference.title': 'Membre ou étranger',
  'attack.membership-inference.question': 'Votre image faisait-elle partie des données d’entraînement ?',
  'attack.membership-inference.method': 'Un modèle est plus sûr de ce qu’il a vu',

  'attack.membership-inference.attacker': 'quiconque a le modèle, et une image sur laquelle l’interroger',
  'attack.membership-inference.sees': 'les poids, et l’image avec sa classe',
  'attack.membership-inference.may': 'demander au modèle sa perte ; il ne demande rien à personne d’autre',

  'attack.membership-inference.target.fresh': {
    one: 'un réseau entraîné sur {count} image jusqu’à la savoir par cœur, puis sur moins et sur plus',
    other: 'un réseau entraîné sur {count} images jusqu’à les savoir par cœur, puis sur moins et sur plus',
  },
  'attack.membership-inference.target.model': 'le modèle choisi, et les images distribuées pour lui',

  'attack.membership-inference.leaks': 'Oui. À 1 % de fausses alarmes, {value} des membres sont reconnus.',
  'attack.membership-inference.partly':
    'En partie. Les membres se distinguent en moyenne ; presque aucun ne peut être désigné à coup sûr.',
  'attack.membership-inference.stopped':
    'Non. Cette attaque ne distingue pas mieux les membres des étrangers que le hasard ; une autre le pourrait.',

  'attack.membership-inference.evidence':
    'À 1 % de fausses alarmes, {value} des membres sont reconnus (95 % : de {from} à {to}), au hasard {chance} ; aire sous la courbe {auc} (95 % : de {aucFrom} à {aucTo}), au hasard {aucChance}.',
  'attack.membership-inference.evidence.accuracy':
    'Le modèle classe bien {members} des images apprises, et {strangers} des autres.',
  'attack.membership-inference.evidence.sizes':
    'Avec {smallest} images d’entraînement, l’aire est de {smallestAuc}, avec {largest} de {largestAuc} : au hasard {aucChance}.',
  'attack.membership-inference.evidence.lower':
    'Des attaques qui entraînent leurs propres modèles trouvent davantage.',
  'attack.membership-inference.short': '{value} à 1 % de fausses alarmes',

  'attack.membership-inference.setting.members': 'Images d’entraînement',
  'attack.membership-inference.switch.none': 'Rien',
  'attack.membership-inference.stage.asking': 'Le modèle est interrogé sur chaque image',
  'attack.membership-inference.figure.members': 'images d’entraînement',
  'attack.membership-inference.figure.accuracy': 'exactitude',
  'attack.membership-inference.image.member': 'Plus petite perte : un membre',
  'attack.membership-inference.image.stranger': 'Plus petite perte : un étranger',
  'attack.membership-inference.series.roc': 'Membres reconnus selon les fausses alarmes',
  'attack.membership-inference.series.roc.x': 'Fausses alarmes',
  'attack.membership-inference.series.roc.y': 'Membres reconnus',
  'attack.membership-inference.series.aucBySize': 'Aire sous la courbe selon les images d’entraînement',
  'attack.membership-inference.series.aucBySize.x': 'Images d’entraînement',
  'attack.membership-inference.series.aucBySize.y': 'Aire sous la courbe',
  'attack.membership-inference.series.truePositivesBySize':
    'Reconnus à 1 % de fausses alarmes, selon les images d’entraînement',
  'attack.membership-inference.series.truePositivesBySize.x': 'Images d’entraînement',
  'attack.membership-inference.series.truePositivesBySize.y': 'Membres reconnus',
  'attack.membership-inference.column.name': 'Images d’entraînement',
  'attack.membership-inference.column.balancedAccuracy': 'Réponses justes, une moitié de membres',
  'attack.membership-inference.column.memberAccuracy': 'Exactitude sur les membres',
  'attack.membership-inference.column.strangerAccuracy': 'Exactitude sur les étrangers',

  'attack.membership-inference.notes':
    'La question n’est pas ce que montre une image, mais si elle était là : pour le scanner d’un patient, c’est cela le secret. Un modèle qui sait ses images par cœur n’a presque pas de perte sur elles. Regardez les deux bouts de la courbe par taille : moins il y a d’images, plus chacune se distingue. Une aire au-dessus d’un demi semble être une fuite, mais un attaquant qui ne doit pas se tromper lit la courbe à son bord gauche. Les masques n’y font rien ; plus de personnes et du bruit, si.',
};
