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
  'home.preset.demo': 'Démo de cinq minutes',
  'home.preset.demo.detail':
    'Douze clients, un petit réseau de neurones, un départ à chaque tour ; chaque message assez lent pour être suivi.',
  'home.preset.reference': 'Expérience de référence',
  'home.preset.reference.detail': 'Vingt clients se partagent tout MNIST, cinq tours avec le CNN.',
  'home.preset.leaving': 'Six partent à chaque tour',
  'home.preset.leaving.detail': 'Autant que vingt peuvent en perdre. Voyez leurs masques être reconstruits.',
  'home.preset.unequal': 'Données inégales',
  'home.preset.unequal.detail': 'Chacun a beaucoup de quelques chiffres et peu des autres.',
  'home.preset.noise': 'Un bruit qui laisse apprendre',
  'home.preset.noise.detail':
    'Cent clients, un modèle linéaire : epsilon 8 pour delta 1e-5. Mesuré une fois : 89 % de juste ; au hasard : 11 %.',

  // setting up a simulation
  'home.setup': 'Préparer une simulation',
  'home.setup.hint':
    'Toute la salle sur cette machine : chaque client avec ses clés, ses masques, ses données.',
  'home.setup.start': 'Partir de',
  'home.setup.presets.hint': 'Tout ce qui suit peut en être changé.',
  'home.setup.presets': 'Modèle de départ',
  'home.setup.presets.own': 'Modifié : le vôtre désormais.',
  'home.setup.run': 'L’exécution',
  'home.setup.title.hint': 'Pour la retrouver parmi les résultats.',
  'home.setup.title.problem': 'Il lui faut un nom, pour la retrouver.',
  'home.setup.clients': 'Clients',
  'home.setup.clients.hint': 'Trois au moins ; vingt montrent tout.',
  'home.setup.clients.many': 'Plus de {most} fonctionnent, mais ne se distinguent plus à l’écran.',
  'home.setup.purpose': 'Ce qui tourne',
  'home.setup.purpose.simulation': 'La salle',
  'home.setup.purpose.simulation.detail': 'Masqué, signé, additionné, en direct, message par message.',
  'home.setup.purpose.comparison': 'La salle, et deux points de comparaison',
  'home.setup.purpose.comparison.detail':
    'Aussi toutes les données au même endroit, et un client seul : le tableau des résultats.',
  'home.setup.purpose.hint': 'Tous partent des mêmes poids et voient les mêmes images.',
  'home.setup.pace': 'Rythme',
  'home.setup.pace.step': 'Pas à pas',
  'home.setup.pace.slow': 'Lent',
  'home.setup.pace.full': 'Pleine vitesse',
  'home.setup.pace.step.hint': 'Chaque phase vous attend. Le rythme se change à tout moment.',
  'home.setup.pace.slow.hint': 'Les messages un par un, à suivre à l’œil. Le rythme se change à tout moment.',
  'home.setup.pace.full.hint': 'Aussi vite que cette machine le peut. Le rythme se change à tout moment.',
  'home.setup.learning': 'Ce qu’ils apprennent',
  'home.setup.leaving': 'Qui part',
  'home.setup.leaving.hint': 'des ordinateurs se ferment, des réseaux tombent',
  'home.setup.go': 'Lancer',
  'home.setup.go.note': 'Pause et arrêt sont possibles à tout moment.',
  'home.leaving': 'Partent à chaque tour',
  'home.leaving.hint': 'D’autres à chaque fois, au hasard.',
  'home.leaving.hint.most': {
    one: 'D’autres à chaque fois. Le tour survit à {count} départ.',
    other: 'D’autres à chaque fois. Le tour survit à {count} départs.',
  },
  'home.leaving.when': 'Avant',
  'home.leaving.advertise-keys': 'les clés',
  'home.leaving.share-keys': 'les parts',
  'home.leaving.masked-input': 'leur mise à jour',
  'home.leaving.statement': 'la déclaration',
  'home.leaving.unmask': 'le démasquage',
  'home.leaving.any': 'au hasard',
  'home.leaving.advertise-keys.hint': 'Ils n’ont jamais été du tour : rien d’eux n’est à réparer.',
  'home.leaving.share-keys.hint': 'Leurs clés sont connues, mais personne n’a encore masqué avec elles.',
  'home.leaving.masked-input.hint':
    'Le cas le plus dur : les autres ont déjà masqué avec eux. Leurs masques sont reconstruits à partir de parts.',
  'home.leaving.statement.hint':
    'Leurs mises à jour sont dans la somme, et comptent. Ils ne signent pas qui en était.',
  'home.leaving.unmask.hint':
    'Leurs mises à jour comptent. Les parts des autres suffisent à démasquer la somme.',
  'home.leaving.any.hint': 'Chacun disparaît dans une phase à lui, au hasard.',
  'home.time.full': { one: '≈ {time} pour un tour.', other: '≈ {time} pour {count} tours.' },
  'home.time.slow': {
    one: '≈ {time} de travail pour un tour ; montré lentement, il dure plus.',
    other: '≈ {time} de travail pour {count} tours ; montrés lentement, ils durent plus.',
  },
  'home.time.step': {
    one: '≈ {time} de travail pour un tour, et le temps que vous regardez.',
    other: '≈ {time} de travail pour {count} tours, et le temps que vous regardez.',
  },
  'home.time.comparison':
    '≈ {time} pour la salle. Les deux autres parcourent les données autant de fois : à peu près autant encore.',

  // the attack lab
  'home.lab': 'Laboratoire d’attaques',
  'home.lab.text':
    'Que révèle une seule mise à jour sans protection ? Ces images viennent d’être reconstruites ici, chacune à partir d’un seul pas d’entraînement.',
  'home.lab.text.short': 'Sans masques : que révèle une mise à jour ?',
  'home.lab.go': 'Au laboratoire',
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
