/** French: texts of the attack model-inversion. Part of attacks/fr.ts. */
import type { Message } from '../translate.ts';
import type { modelInversionEnglish } from './model-inversion-en.ts';

export const modelInversionFrench: Readonly<Record<keyof typeof modelInversionEnglish, Message>> = {
  'attack.model-inversion.title': 'Ce que révèlent les poids',
  'attack.model-inversion.question': 'De quoi les poids se souviennent-ils à eux seuls ?',
  'attack.model-inversion.method': 'Cherche l’image dont le modèle est le plus sûr',

  'attack.model-inversion.attacker': 'quiconque a le modèle',
  'attack.model-inversion.sees': 'les poids, ni image ni mise à jour',
  'attack.model-inversion.sees.pca': 'les poids, et des images de classes que le modèle n’a jamais eues',
  'attack.model-inversion.may':
    'chercher sur sa propre machine aussi longtemps qu’il veut ; il ne demande rien à personne',

  'attack.model-inversion.target.model': 'le modèle choisi, tel qu’il est',
  'attack.model-inversion.target.reference':
    'un CNN, entraîné pendant 10 époques sur les 100 premières images',
  'attack.model-inversion.target.priors':
    'le CNN même de la référence, entraîné sur les 100 premières images',
  'attack.model-inversion.target.pca': 'un CNN qui connaît la moitié des classes, entraîné sur 1 000 images',
  'attack.model-inversion.target.re-identification':
    'un réseau dont chaque classe est une personne, {people} en tout ; une personne est une image, redessinée avec de petits écarts',

  'attack.model-inversion.reference.leaks':
    'Oui. Des chiffres se lisent ; pourtant le noir a une erreur plus petite : cette erreur ne dit donc rien.',
  'attack.model-inversion.reference.partly':
    'En partie. Quelques chiffres se lisent ; pourtant le noir a une erreur plus petite : cette erreur ne dit donc rien.',
  'attack.model-inversion.reference.stopped':
    'Non. Presque aucun chiffre ne se lit, et le noir a encore une erreur plus petite.',
  'attack.model-inversion.leaks': 'Oui. Les poids montrent l’allure de chaque classe.',
  'attack.model-inversion.partly': 'En partie. De quelques classes, l’allure apparaît.',
  'attack.model-inversion.stopped':
    'Non. Cette recherche ne montre rien de plus que le hasard ; une autre le pourrait.',
  'attack.model-inversion.pca.leaks': 'Oui, l’allure de classes dont l’attaquant n’a aucune image.',
  'attack.model-inversion.pca.partly':
    'En partie. Quelques classes se lisent dont l’attaquant n’a aucune image.',
  'attack.model-inversion.pca.stopped':
    'Non. Il en sort les images de l’attaquant, pas celles du modèle ; une autre recherche peut trouver plus.',
  'attack.model-inversion.re-identification.leaks':
    'Oui. Quand une classe est une personne, les poids montrent ce qu’elle a dessiné.',
  'attack.model-inversion.re-identification.partly':
    'En partie. Les images privées sont bien classées parmi 100 de leur chiffre, sans être premières.',
  'attack.model-inversion.re-identification.stopped':
    'Non. Cette recherche ne désigne personne ; une autre le pourrait.',

  'attack.model-inversion.evidence.errors':
    'Erreur avec l’image la plus proche de la classe : {nearest}, toute noire {blackNearest} ; avec la classe en moyenne : {mean}, toute noire {blackMean}. Le modèle est sûr à {confidence}, du noir à {blackConfidence}.',
  'attack.model-inversion.evidence.judge':
    'Un juge indépendant lit la bonne classe dans {judged} des cas, au hasard {chance} ; pour les images moyennes des classes, qui demandent des images et aucune attaque, {classMean}.',
  'attack.model-inversion.evidence.confidence':
    'Le modèle est sûr à {confidence}, d’une image toute noire à {black}.',
  'attack.model-inversion.evidence.class':
    'Ce qui sort est l’allure d’une classe : qui a des images de la classe en sait autant.',
  'attack.model-inversion.evidence.members':
    'Erreur avec les images apprises : {member}, toute noire {blackMember} ; avec d’autres de la classe : {stranger}, toute noire {blackStranger}.',
  'attack.model-inversion.evidence.rank':
    '{first} images privées sur {people} sont premières sur {candidates}, au hasard {chance}.',
  'attack.model-inversion.evidence.persons':
    'Erreur avec l’image de la personne {own}, toute noire {black} ; avec d’autres du même chiffre {others}. Quand une classe est un chiffre : avec les images apprises {digitOwn}, toute noire {digitBlack} ; avec d’autres {digitOthers}, toute noire {digitBlackOthers}.',
  'attack.model-inversion.evidence.people': {
    one: 'Une personne est ici une image, redessinée avec de petits écarts ; dessins de cette machine : {count}. MNIST ne dit pas qui a écrit quoi.',
    other:
      'Une personne est ici une image, redessinée avec de petits écarts ; dessins de cette machine : {count}. MNIST ne dit pas qui a écrit quoi.',
  },
  'attack.model-inversion.short': '{judged} bien lus',
  'attack.model-inversion.short.people': 'Premières : {first} sur {people}',

  'attack.model-inversion.switch.reference': 'Comme la référence',
  'attack.model-inversion.switch.priors': 'Avec des a priori',
  'attack.model-inversion.switch.pca': 'Composantes d’autres classes',
  'attack.model-inversion.switch.re-identification': 'Une classe est une personne',
  'attack.model-inversion.setting.variant': 'Façon de chercher',
  'attack.model-inversion.setting.variant.reference': 'Comme la référence',
  'attack.model-inversion.setting.variant.priors': 'Avec des a priori sur les dessins',
  'attack.model-inversion.setting.variant.pca': 'Parmi les composantes d’autres classes',
  'attack.model-inversion.setting.variant.re-identification': 'Quand une classe est une personne',
  'attack.model-inversion.setting.iterations': 'Pas (0 : autant que la recherche en demande)',
  'attack.model-inversion.setting.tries': 'Départs par classe (0 : autant que la recherche en demande)',
  'attack.model-inversion.setting.people': 'Personnes',
  'attack.model-inversion.stage.components': 'Composantes d’autres classes',
  'attack.model-inversion.stage.digits': 'De même quand une classe est un chiffre',
  'attack.model-inversion.image.member': 'Image apprise',
  'attack.model-inversion.image.person': 'Ce que la personne a dessiné',
  'attack.model-inversion.image.nearest': 'Image d’entraînement la plus proche',
  'attack.model-inversion.series.loss.x': 'Pas',
  'attack.model-inversion.series.loss.y': 'Perte',
  'attack.model-inversion.row.attack': 'Cette attaque',
  'attack.model-inversion.row.persons': 'Une classe est une personne',
  'attack.model-inversion.row.personsBlack': 'Toute noire, avec ces images',
  'attack.model-inversion.row.digits': 'Une classe est un chiffre',
  'attack.model-inversion.row.digitsBlack': 'Toute noire, avec ces images',
  'attack.model-inversion.column.own': 'Erreur avec ses propres images',
  'attack.model-inversion.column.others': 'Erreur avec d’autres du chiffre',
  'attack.model-inversion.column.auc': 'Chance de mieux ressembler aux siennes',

  'attack.model-inversion.notes':
    'Lancez d’abord avec des a priori : des chiffres sortent des poids seuls, sans aucune image. Prenez ensuite la référence et regardez son erreur : une image toute noire en a moins, ce nombre ne prouve donc rien. Demandez ce qui a été volé : l’allure d’une classe, pas l’image de quelqu’un. Faites enfin de chaque classe une personne : la même recherche, et l’allure d’une classe est maintenant le dessin de quelqu’un. Les masques n’y font rien, puisque tout le monde a le modèle.',
};
