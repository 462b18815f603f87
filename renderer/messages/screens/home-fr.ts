/** French: the first screen, and simulations that are ready to start. Part of fr.ts. */
import type { homeEnglish } from './home-en.ts';
import type { Message } from '../translate.ts';

export const homeFrench: Readonly<Record<keyof typeof homeEnglish, Message>> = {
  'home.lead': 'Les ordinateurs d’une salle entraînent un même modèle, et personne n’a à se démasquer.',

  // the doors
  'home.coordinate': 'Coordonner',
  'home.coordinate.text': 'Ouvrez une session sur cette machine. La salle rejoint, vous lancez.',
  'home.coordinate.open': 'Ouvrir une session',
  'home.join': 'Rejoindre',
  'home.join.text': 'Participez avec vos propres données. Elles ne quittent jamais votre ordinateur.',
  'home.join.code': 'Saisir un code',
  'home.join.nearby': 'sur ce réseau',
  'home.join.nearby.more': {
    one: 'sur ce réseau, et une autre',
    other: 'sur ce réseau, et {count} autres',
  },
  'home.join.go': 'Rejoindre',
  'home.simulate': 'Simuler',
  'home.simulate.text': 'Toute la salle sur cette seule machine, sans réseau : 3 à 100 clients.',
  'home.simulate.demo': 'Démo, 5 minutes',
  'home.simulate.setup': 'Régler',

  // simulations that are ready
  'home.preset.demo': 'Démo de 5 minutes',

  // the attack lab
  'home.lab': 'Laboratoire d’attaques',
  'home.lab.text':
    'Que révèle une seule mise à jour sans protection ? Ces images viennent d’être reconstruites ici, chacune à partir d’un seul pas d’entraînement.',
  'home.lab.text.short': 'Sans masques : que révèle une mise à jour ?',
  'home.lab.go': 'À la porte du labo',
  'home.lab.drawn': 'Dessinés sur cet ordinateur',
  'home.lab.mnist': 'Chiffres de MNIST',
  'home.lab.rebuilt': 'Reconstruits de la mise à jour',
  'home.lab.masked': 'La même, masquée',
  'home.lab.images':
    'Images de {digits} ; les mêmes, reconstruites de leurs mises à jour ; du bruit, quand celles-ci sont masquées',

  // this machine
  'home.machine': 'Cette machine',
  'home.machine.identity': 'L’identité de cette machine',
  'home.machine.name': 'Votre nom, tel que les autres le voient',
  'home.machine.rename': 'Changer le nom',
  'home.machine.nobody': 'Qui êtes-vous ?',
  'home.machine.named': 'Les autres vous voient désormais comme {name}.',
  'home.machine.unnamed': 'Vous n’avez plus de nom.',
  'home.engine.speed': 'Moteur : {engine}, {speed} images/s',
  'home.engine.unmeasured': 'Moteur : {engine}',
  'home.engine.auto': 'automatique',
  'home.engine.compiled': 'compilé',
  'home.engine.wasm': 'tf.js wasm',

  // what goes on
  'home.under-way': 'En cours',
  'home.under-way.simulation': 'Simulation',
  'home.under-way.comparison': 'Comparaison',
  'home.under-way.coordinator': 'Vous coordonnez',
  'home.under-way.participant': 'Vous participez',
  'home.under-way.round': 'tour {round} sur {rounds}',
  'home.under-way.preparing': 'préparation',
  'home.under-way.lobby': 'l’accueil est ouvert',
  'home.under-way.words': 'comparaison des mots',
  'home.under-way.running': 'en marche',
  'home.under-way.ended': 'terminé',

  // results
  'home.recent': 'Récents',
  'home.recent.all': { one: 'Le résultat', other: 'Les {count} résultats' },
  'home.recent.more': { one: '{count} de plus', other: '{count} de plus' },
  'home.recent.empty': 'Rien n’a encore été entraîné ici.',
  'home.recent.empty.hint':
    'La démo de 5 minutes donne un premier résultat. Il ne lui faut ni réseau ni autres personnes.',
  'home.recent.clients': { one: '{count} client', other: '{count} clients' },
  'home.recent.simulation': 'Simulation, {clients}',
  'home.recent.comparison': 'Comparaison, {clients}',
  'home.recent.coordinator': 'Coordonnée, {clients}',
  'home.recent.participant': 'Rejointe, {clients}',
  'home.recent.ended': '{what}, arrêtée après {done} tours sur {rounds}',
};
