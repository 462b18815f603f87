/** French: texts of the attack closed-form, and what other attacks on one update say like it. Part of attacks/fr.ts. */
import type { Message } from '../translate.ts';
import type { closedFormEnglish } from './closed-form-en.ts';

export const closedFormFrench: Readonly<Record<keyof typeof closedFormEnglish, Message>> = {
  'attack.closed-form.title': 'Une mise à jour, votre dessin',
  'attack.closed-form.question': 'Une mise à jour peut-elle trahir votre dessin ?',
  'attack.closed-form.method':
    'Formule directe sur la première couche dense : une ligne de poids divisée par son biais est une image',

  'attack.closed-form.attacker': 'un coordinateur curieux',
  'attack.closed-form.may': 'calculer, rien d’autre : il respecte le protocole',
  'attack.closed-form.sees.plain':
    'une vraie mise à jour : le modèle d’avant, et de combien chaque poids a bougé',
  'attack.closed-form.sees.signed':
    'une mise à jour signée : le modèle d’avant, et de combien chaque poids a bougé',
  'attack.closed-form.sees.noise':
    'une mise à jour écrêtée, avec un bruit de {noise} normes d’écrêtage sur chaque poids',
  'attack.closed-form.sees.masked': 'une mise à jour masquée : du bruit pour qui n’a qu’elle',
  'attack.closed-form.sees.everything':
    'une mise à jour masquée, écrêtée, avec un bruit de {noise} normes d’écrêtage sous le masque',

  'attack.closed-form.target.fresh':
    'une mise à jour : {images}, {steps}, un réseau neuf de {units} unités cachées',
  'attack.closed-form.target.model': 'une mise à jour du modèle choisi : {images}, {steps}',
  'attack.closed-form.target.update': 'la mise à jour du client {client}, telle qu’elle est arrivée',
  'attack.closed-form.images': { one: '{count} image', other: '{count} images' },
  'attack.closed-form.steps.sgd': { one: '{count} pas de SGD', other: '{count} pas de SGD' },
  'attack.closed-form.steps.adam': { one: '{count} pas d’Adam', other: '{count} pas d’Adam' },

  'attack.closed-form.leaks.all': {
    one: 'Oui. L’image est revenue.',
    other: 'Oui. Les {count} images sont toutes revenues.',
  },
  'attack.closed-form.leaks.drawing': {
    one: 'Oui. Votre dessin est revenu.',
    other: 'Oui. Les {count} images sont toutes revenues, votre dessin aussi.',
  },
  'attack.closed-form.leaks.some': 'Oui. {came} images sur {count} sont revenues.',
  'attack.closed-form.leaks.signed': 'Oui, encore. Une signature dit qui envoie, pas ce qu’il y a dedans.',
  'attack.closed-form.leaks.noise': 'Oui, encore. Si peu de bruit ne cache rien.',
  'attack.closed-form.partly.some': 'En partie. Images revenues : {came} sur {count}.',
  'attack.closed-form.partly.strokes':
    'En partie. Aucune image n’est revenue entière, mais des traits se voient.',
  'attack.closed-form.partly.adam': 'En partie. Adam, en local, perd les niveaux de gris, pas les traits.',
  'attack.closed-form.partly.noise': 'En partie. Les traits se voient sous le bruit.',
  'attack.closed-form.stopped': 'Non. Cette attaque n’a rien trouvé ici ; une autre le pourrait.',
  'attack.closed-form.stopped.masked':
    'Non. D’une mise à jour masquée, la même attaque ne tire que du bruit.',
  'attack.closed-form.stopped.noise': 'Cette attaque a échoué. Vous n’êtes pas protégé.',
  'attack.closed-form.stopped.bound': 'Cette attaque a échoué, et une borne vaut pour toute autre.',
  'attack.closed-form.exact.leaks': {
    one: 'Oui. {count} résultat est une image, sans aucun doute.',
    other: 'Oui. {count} résultats sont des images, sans aucun doute.',
  },
  'attack.closed-form.exact.partly': {
    one: 'En partie. {count} résultat est une image, sans aucun doute.',
    other: 'En partie. {count} résultats sont des images, sans aucun doute.',
  },
  'attack.closed-form.likely.leaks': {
    one: 'Oui, semble-t-il. {count} résultat a l’air d’une image.',
    other: 'Oui, semble-t-il. {count} résultats ont l’air d’images.',
  },
  'attack.closed-form.likely.partly': {
    one: 'En partie, semble-t-il. {count} résultat a l’air d’une image.',
    other: 'En partie, semble-t-il. {count} résultats ont l’air d’images.',
  },
  'attack.closed-form.likely.stopped.adam':
    'Non, semble-t-il. L’Adam local perd les niveaux de gris ; des traits peuvent se voir.',
  'attack.closed-form.likely.stopped': 'Non, semble-t-il. Ce qui est revenu n’a pas l’air d’images.',

  'attack.closed-form.evidence':
    'Images retrouvées : {came} sur {count} ; ressemblance médiane : {psnr}. Le mieux sans attaque, {name} : {value}.',
  'attack.closed-form.evidence.rank':
    'La vraie image est en moyenne {rank} sur 100 de sa classe, au hasard {chance}.',
  'attack.closed-form.evidence.masked':
    'La même attaque sur du bruit pur : {value}. Ce que trahit la somme d’un petit groupe est une autre affaire.',
  'attack.closed-form.evidence.signed':
    'Signer empêche de falsifier, de rejouer et de modifier ; cela ne cache rien.',
  'attack.closed-form.evidence.adam': 'Un hasard de l’optimiseur n’est pas une protection.',
  'attack.closed-form.evidence.epsilon':
    'Epsilon vaut {epsilon} : une meilleure attaque a toute la place qu’il lui faut.',
  'attack.closed-form.evidence.bound': 'Epsilon vaut {epsilon}, quelle que soit la prochaine attaque.',
  'attack.closed-form.evidence.exact':
    'Avec des niveaux de gris entiers seulement, ce que n’ont ni les mélanges ni le bruit : {count}, justes sans aucun doute.',
  'attack.closed-form.evidence.likely':
    'Sur {count} résultats, {likely} sont compris entre noir et blanc, aussi clairs, gris et accidentés que des images publiques du même genre ; sur du bruit pur {value}.',
  'attack.closed-form.evidence.agreed': 'Pour {count} d’entre eux, plusieurs unités cachées s’accordent.',
  'attack.closed-form.evidence.guess':
    'Pour le reste, c’est une supposition : personne ici ne connaît les images privées ; un vote à l’aveugle interroge ceux qui les connaissent.',
  'attack.closed-form.baseline.black': 'une image noire',
  'attack.closed-form.baseline.globalMean': 'l’image moyenne',
  'attack.closed-form.baseline.classMean': 'la moyenne de sa classe',
  'attack.closed-form.baseline.nearestOther': 'l’autre image la plus proche de sa classe',
  'attack.closed-form.baseline.randomNoise': 'l’attaque sur du bruit pur',
  'attack.closed-form.short': 'Retrouvées : {came} sur {count}',
  'attack.closed-form.short.likely': 'Semblables à des images : {likely} sur {count}',

  'attack.closed-form.switch.adam': 'Adam en local',
  'attack.closed-form.setting.batch': 'Images privées',
  'attack.closed-form.setting.steps': 'Pas locaux sur elles',
  'attack.closed-form.setting.hidden': 'Unités cachées',
  'attack.closed-form.setting.optimizer': 'Optimiseur',
  'attack.closed-form.setting.optimizer.sgd': 'SGD',
  'attack.closed-form.setting.optimizer.adam': 'Adam',
  'attack.closed-form.setting.judge': 'Demander à un juge',
  'attack.closed-form.image.randomNoise': 'Attaque sur du bruit',

  'attack.closed-form.notes':
    'Faites dessiner quelqu’un, puis lancez. Ni recherche ni devinette : c’est une division, faite en quelques millisecondes. Chaque unité cachée qu’une seule image active contient cette image ; les images trouvées sont retranchées, et d’autres unités n’en ont plus qu’une. Activez ensuite la signature, et demandez qui est surpris. Puis les masques : la même division, et du bruit.',
};
