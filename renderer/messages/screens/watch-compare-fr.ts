/** French: a comparison under way. Part of fr.ts. */
import type { Message } from '../translate.ts';
import type { watchCompareEnglish } from './watch-compare-en.ts';

export const watchCompareFrench: Readonly<Record<keyof typeof watchCompareEnglish, Message>> = {
  'watch.compare.stage': 'Les trois lignes',
  'watch.compare.head.centralised': 'Toutes les données réunies : entraînement.',
  'watch.compare.head.single-client': 'Un client seul : entraînement.',
  'watch.compare.head.federated': 'Les clients ensemble : tour {round} sur {rounds}.',
  'watch.compare.head.both': 'Toutes les données réunies, et un client seul : entraînement.',
  'watch.compare.score': '{name} : {accuracy}',
  'watch.compare.join': ' ; ',
  'watch.compare.time': 'encore {time} environ',
  'watch.compare.curves': 'Exactitude',
  'watch.compare.axis': 'époque ou tour',
  'watch.compare.curves.none': 'Exactitude par époque ou tour : rien n’est encore terminé',
  'watch.compare.stop.nothing': 'Aucune ligne n’est encore terminée : il n’y aurait rien à rapporter.',
  'watch.compare.stop.kept': {
    one: '{count} ligne est terminée, et conservée. Ce qui est en cours serait perdu.',
    other: '{count} lignes sont terminées, et conservées. Ce qui est en cours serait perdu.',
  },
  'watch.compare.images': { one: '{count} image', other: '{count} images' },
  'watch.compare.head.begin': 'La comparaison commence.',
  'watch.compare.head.ended': 'La comparaison est faite.',
  'watch.compare.head.stopped': 'Arrêté ; les lignes terminées sont conservées.',
  'watch.compare.lead':
    'Le même modèle trois fois : avec toutes les données, avec celles d’un client, avec celles de tous sans en déplacer aucune.',
  'watch.compare.waiting': 'attend',
  'watch.compare.left': '{speed}, encore {time} environ',
  'watch.compare.clients': 'Voir les clients',
  'watch.compare.rows': 'Revenir aux lignes',
};
