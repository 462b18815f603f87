/** French: results. Part of fr.ts. */
import type { runsEnglish } from './runs-en.ts';
import type { Message } from '../translate.ts';

export const runsFrench: Readonly<Record<keyof typeof runsEnglish, Message>> = {
  'runs.subtitle': '{title}, {dataset}, {model} à {parameters} paramètres, {when}',
  'runs.loading': 'Un instant ...',
  'runs.broken': 'Ce résultat ne peut pas être affiché.',
  'runs.back': 'Tous les résultats',
  'runs.no-round': 'Aucun tour de cette exécution ne s’est terminé.',

  // what went wrong
  'runs.failed.result-unknown': 'Il a été supprimé, ou n’a jamais existé.',
  'runs.failed.result-open': 'Cela n’est pas encore terminé. Arrêtez-le d’abord.',
  'runs.failed.no-model': 'Aucun tour n’est encore terminé : il n’y a pas de modèle.',
  'runs.failed.sessions-only':
    'Les simulations ne gardent pas de modèle et n’ont pas d’historique signé : les deux viennent de sessions.',
  'runs.failed.too-large':
    'Le fichier d’audit est trop grand pour être remis ici. La ligne de commande l’écrit : masquerade sessions export',
  'runs.failed.database-damaged': 'La base de données de cette machine est endommagée : voir le journal.',
  'runs.failed.disk-full': 'Le disque est plein.',

  // the comparison
  'runs.empty': 'Rien n’a encore été comparé sur cette machine.',
  'runs.empty.lead':
    'La comparaison entraîne trois fois le même réseau : sur toutes les données réunies, par un seul client, et par vingt clients ensemble, masqués et signés. Losanges vides : les valeurs de référence.',
  'runs.empty.curves': 'L’exactitude tour par tour sera tracée ici, les trois ensemble.',
  'runs.empty.confusion': 'Les erreurs seront montrées ici : quelle classe est prise pour quelle autre.',
  'runs.compare.run': 'Lancer la comparaison',
  'runs.compare.more': 'Choisir sa durée',
  'runs.compare.reference': 'Expérience de référence',
  'runs.compare.reference.detail': '{clients} clients, {rounds} tours, {images}, le réseau entier',
  'runs.compare.short': 'Comparaison courte',
  'runs.compare.short.detail': '{clients} clients, {rounds} tours, {images}, le réseau le plus léger',
  'runs.compare.all-images': 'toutes les images',
  'runs.compare.images': { one: '{count} image chacun', other: '{count} images chacun' },
  'runs.compare.about': 'environ {time} pour les tours des clients sur cette machine',
  'runs.running': 'Suivre la comparaison',
  'runs.running.round': 'Suivre la comparaison : tour {round} sur {rounds}',

  // taking away
  'runs.export': 'Exporter',
  'runs.export.of': 'Exporter « {title} » en',
  'runs.export.html': 'HTML',
  'runs.export.pdf': 'PDF',
  'runs.export.csv': 'CSV',
  'runs.export.json': 'JSON',
  'runs.export.audit': 'Fichier d’audit',
  'runs.export.model': 'Modèle',
  'runs.saved': 'Enregistré : {path}',
  'runs.downloaded': 'Dans vos téléchargements : {name}',
  'runs.print': 'Dans la fenêtre qui s’ouvre, choisissez « Enregistrer au format PDF » comme imprimante.',

  // the list
  'runs.past': 'Exécutions passées',
  'runs.past.empty':
    'Chaque simulation, comparaison et session de cette machine se trouvera ici, avec son rapport.',
  'runs.past.simulate': 'Lancer une simulation',
  'runs.past.coordinate': 'Ouvrir une session',
  'runs.find': 'Chercher une exécution',
  'runs.find.none': 'Aucune exécution n’a « {text} » dans son nom.',
  'runs.choose': 'Choisissez-en deux ou plus pour les comparer',
  'runs.choose.one': 'Choisir {title}, {when}',
  'runs.choose.another': 'Choisissez une autre exécution pour voir ce qui diffère.',
  'runs.chosen': { one: '{count} choisie', other: '{count} choisies' },
  'runs.most': 'Pas plus de {count} exécutions à la fois peuvent être comparées.',
  'runs.clear': 'N’en choisir aucune',
  'runs.delete': 'Supprimer',
  'runs.deleted': { one: '{count} exécution supprimée.', other: '{count} exécutions supprimées.' },
  'runs.more': { one: 'En montrer {count} de plus', other: 'En montrer {count} de plus' },
  'runs.column.chosen': 'Choisie',
  'runs.column.run': 'Exécution',
  'runs.column.protections': 'Protections',
  'runs.column.clients': 'Clients',
  'runs.column.curve': 'Exactitude par tour',
  'runs.column.reference': 'Référence',
  'runs.column.final': 'Finale',
  'runs.recovered': { one: '{count} rétabli', other: '{count} rétablis' },
  'runs.kind.simulation': 'simulation',
  'runs.kind.comparison': 'comparaison',
  'runs.kind.coordinator': 'session, comme coordinateur',
  'runs.kind.participant': 'session, comme participant',
  'runs.ended.target': {
    one: 'objectif atteint au tour {count}',
    other: 'objectif atteint au tour {count}',
  },
  'runs.ended.stopped': 'arrêtée après {done} sur {rounds}',
  'runs.ended.left': 'quittée après {done} sur {rounds}',
  'runs.ended.aborted': 'abandonnée après {done} sur {rounds}',
  'runs.ended.cut-short': 'interrompue après {done} sur {rounds}',
  'runs.ended.running': 'en cours : {done} sur {rounds}',
  'runs.resume': 'Reprendre',

  // comparing
  'runs.compare.empty':
    'Choisissez deux exécutions ou plus : leurs réglages, leurs résultats et leurs courbes seront mis côte à côte ici.',
  'runs.differs': 'Ce qui diffère',
  'runs.differs.setting': 'Réglage',
  'runs.differs.nothing': 'Aucun réglage ne diffère.',
  'runs.differs.engines':
    'Des modèles entraînés par des moteurs différents ne concordent qu’à l’arrondi près, environ un millionième.',
  'runs.differs.rounds': 'Tours terminés',
  'runs.differs.left': 'Partis, tous tours réunis',
  'runs.differs.recovered': 'Rétablis',
  'runs.same': { one: '{count} réglage est le même', other: '{count} réglages sont les mêmes' },
  'runs.swap': 'Échanger',
  'runs.full': 'Comparer en détail',
  'runs.overlay': 'Toutes, tour par tour',
  'runs.errors.of': 'Erreurs de « {title} », vrai par lu',
  'runs.compared': 'Comparées',
  'runs.compared.none': 'Il n’y a rien à comparer ici.',
  'runs.compared.name': '{letter} (« {title} »)',
  'runs.compared.two': '{best} finit {points} au-dessus de {last}.',
  'runs.compared.many': '{best} finit le plus haut, {points} au-dessus de {last}.',
  'runs.compared.level': '{names} finissent à égalité.',
  'runs.compared.unfinished': 'Moins de deux de ces exécutions ont un résultat.',
  'runs.compared.settings': {
    one: '{count} réglage diffère entre elles.',
    other: '{count} réglages diffèrent entre elles.',
  },

  // a run
  'runs.rounds.answered': 'Ont répondu',
  'runs.epochs': {
    one: 'La liste a été fermée {count} fois.',
    other:
      'Des gens sont venus ou partis : la liste a été fermée {count} fois, chaque fois avec de nouveaux mots.',
  },
};
