/** French: the session view. Part of fr.ts. */
import type { Message } from '../translate.ts';
import type { watchEnglish } from './watch-en.ts';
import { watchCodesFrench } from './watch-codes-fr.ts';
import { watchCompareFrench } from './watch-compare-fr.ts';
import { watchLogFrench } from './watch-log-fr.ts';
import { explainFrench } from './watch-explain-fr.ts';

export const watchFrench: Readonly<Record<keyof typeof watchEnglish, Message>> = {
  // the bar
  'watch.kind.simulation': {
    one: 'Simulation sur cette machine, {count} client',
    other: 'Simulation sur cette machine, {count} clients',
  },
  'watch.kind.coordinator': {
    one: '{count} ordinateur, coordonné ici',
    other: '{count} ordinateurs, coordonnés ici',
  },
  'watch.kind.comparison': 'Comparaison sur cette machine',
  'watch.model': '{kind}, modèle {model}',
  'watch.round-of': 'Tour {round} sur {rounds}',
  'watch.round-of.attempt': 'Tour {round} sur {rounds}, essai {attempt}',
  'watch.signed': 'Signé',
  'watch.unsigned': 'Non signé',
  'watch.masked': 'Masqué',
  'watch.unmasked': 'Lisible',
  'watch.demonstration': 'Démonstration : sans protection',
  'watch.pace': 'Allure',
  'watch.pace.step': 'Pas à pas',
  'watch.pace.slow': 'Lente',
  'watch.pace.full': 'Maximale',
  'watch.pace.run': 'Libre',
  'watch.next': 'Suite',
  'watch.pause': 'Pause',
  'watch.resume': 'Reprendre',
  'watch.stop': 'Arrêter',
  'watch.deadline': 'Délai',
  'watch.deadline.left': 'encore {time}',
  'watch.deadline.title': 'Combien de temps attendre à chaque phase ?',
  'watch.deadline.lead':
    'Qui n’a pas répondu d’ici là compte comme parti pour ce tour. Rien de ce qui lui appartient n’est perdu.',
  'watch.deadline.adaptive': 'Le temps qu’il faut à la plupart',
  'watch.deadline.seconds': 'Au plus {time}',
  'watch.deadline.own': 'Secondes',
  'watch.deadline.set': 'Fixer',
  'watch.stop.title': 'Arrêter maintenant ?',
  'watch.stop.lost': 'Le tour {round} est en cours et serait perdu.',
  'watch.stop.kept': {
    one: '{count} tour terminé est conservé, avec son rapport.',
    other: '{count} tours terminés sont conservés, avec leur rapport.',
  },
  'watch.stop.nothing': 'Aucun tour n’est encore terminé : il n’y aurait rien à rapporter.',
  'watch.stop.now': 'Arrêter',
  'watch.remove.title': 'Retirer {name} ?',
  'watch.remove.lead':
    'Pour ce tour, {name} compte comme parti. Pour revenir, {name} devra rejoindre à nouveau, et les mots seront comparés à nouveau.',
  'watch.remove.now': 'Retirer',

  'watch.words': 'Les mots de tous les écrans',
  'watch.missing': 'Ceci n’est plus en cours.',
  'watch.missing.lead':
    'Masquerade a redémarré, ou cela a été fermé. Ce qui était terminé est parmi les résultats.',

  // the ring
  'watch.stage': 'La salle',
  'watch.ring': {
    one: '{count} participant autour du coordinateur',
    other: '{count} participants autour du coordinateur',
  },
  'watch.person': '{name}, {phase}',
  'watch.person.noted': '{name} {note}, {phase}',
  'watch.zone.clear': 'Lisible, mais seulement sur leur propre ordinateur',
  'watch.zone.clear.simulation': 'Lisible par son seul propriétaire',
  'watch.zone.masked': 'Masqué : lisible par personne',
  'watch.zone.unmasked': 'Lisible aussi par le coordinateur',
  'watch.phase.waiting': 'en attente',
  'watch.phase.keys': 'clés',
  'watch.phase.shares': 'parts',
  'watch.phase.training': 'entraînement',
  'watch.phase.masking': 'masquage',
  'watch.phase.signing': 'signature',
  'watch.phase.sending': 'envoi',
  'watch.phase.verified': 'vérifié',
  'watch.phase.dropped': 'parti',
  'watch.phase.recovered': 'reconstitué',
  'watch.phase.refused': 'refusé',
  'watch.note.left': 'parti à {time}',
  'watch.note.left-rebuilt': 'parti, reconstitué',
  'watch.note.refused-rebuilt': 'refusé, reconstitué',
  'watch.note.signature': 'signature refusée',
  'watch.note.offline': 'non connecté',
  'watch.note.slow': 'ralenti',
  'watch.core': 'Coordinateur',
  'watch.core.nothing': 'Encore rien',
  'watch.core.sum': 'Somme de {added}',
  'watch.core.needed': '{threshold} pour démasquer',
  'watch.core.mean': 'lisible',

  'watch.others': { one: '{count} autre', other: '{count} autres' },

  // the headline: {what} is one of the sentences below it
  'watch.head': 'Tour {round} : {what}',
  'watch.head.data': 'Lecture des données.',
  'watch.lead.data': 'Elles sont ensuite distribuées aux clients ; chacun ne voit que sa part.',
  'watch.head.identities': '{done} identités sur {total} sont prêtes.',
  'watch.lead.identities': 'Chacun reçoit une clé pour signer, le coordinateur aussi.',
  'watch.head.begin': 'un nouveau tour commence.',
  'watch.lead.begin': 'Tous reçoivent le même modèle. Personne n’a encore rien livré.',
  'watch.head.keys': 'chacun crée des clés neuves.',
  'watch.lead.keys':
    '{count} sur {total} ont envoyé deux clés publiques. Elles servent à ce seul essai, puis sont oubliées.',
  'watch.head.shares': 'chaque paire convient d’un masque.',
  'watch.lead.shares':
    '{pairs} paires, {pairs} secrets partagés : ajoutés d’un côté, soustraits de l’autre. Si quelqu’un part, {threshold} autres suffisent à y remédier.',
  'watch.lead.shares.sparse':
    'Chacun convient avec des dizaines d’autres de secrets partagés : ajoutés d’un côté, soustraits de l’autre. Si quelqu’un part, ceux-là y remédient.',
  'watch.head.training': 'chacun entraîne sur ses propres données.',
  'watch.lead.training': '{count} sur {total} sont prêts. Les images restent où elles sont.',
  'watch.lead.training.left':
    '{count} sur {total} sont prêts, les autres en ont encore pour {time} environ. Les images restent où elles sont.',
  'watch.lead.training.room':
    'Les images restent où elles sont, et le coordinateur ne voit pas où chacun en est.',
  'watch.head.in': {
    one: 'une mise à jour masquée est arrivée.',
    other: '{number} mises à jour masquées sont arrivées.',
  },
  'watch.lead.in.few':
    'Le coordinateur les a additionnées et ne peut en lire aucune. À partir de {threshold}, il peut démasquer la somme.',
  'watch.lead.in.enough':
    'Assez pour démasquer la somme, jamais une seule d’entre elles. Les retardataires sont encore attendus.',
  'watch.head.in.clear': {
    one: 'une mise à jour est arrivée, lisible.',
    other: '{number} mises à jour sont arrivées, lisibles.',
  },
  'watch.lead.in.clear': 'Les masques sont désactivés : le coordinateur voit ce que chacun a appris.',
  'watch.head.statement': 'tous signent la même liste de la somme.',
  'watch.lead.statement':
    '{count} sur {total} ont signé. Sans {threshold} signatures, personne ne révèle de part.',
  'watch.head.unmask': 'des parts sont révélées, pour la somme seule.',
  'watch.lead.unmask':
    '{count} sur {total} ont révélé les leurs ; il en faut {threshold}. De chacun une seule sorte de parts : personne ne peut être démasqué seul.',
  'watch.head.readable': 'les masques s’annulent. La somme est lisible.',
  'watch.lead.readable': 'Aucune mise à jour seule n’a jamais été visible.',
  'watch.lead.readable.rebuilt': {
    one: '{names} est parti après avoir distribué ses parts ; ses masques ont été reconstitués : {shares} parts reçues, {needed} nécessaires. Aucune mise à jour seule n’a jamais été visible.',
    other:
      '{names} sont partis après avoir distribué leurs parts ; leurs masques ont été reconstitués : {shares} parts reçues, {needed} nécessaires. Aucune mise à jour seule n’a jamais été visible.',
  },
  'watch.lead.readable.refused': {
    one: '{names} a été refusé ; ses masques ont été reconstitués : {shares} parts reçues, {needed} nécessaires. Aucune mise à jour seule n’a jamais été visible.',
    other:
      '{names} ont été refusés ou sont partis ; leurs masques ont été reconstitués : {shares} parts reçues, {needed} nécessaires. Aucune mise à jour seule n’a jamais été visible.',
  },
  'watch.head.readable.clear': 'les mises à jour sont additionnées.',
  'watch.lead.readable.clear': 'Sans masques, chacune était visible en chemin.',
  'watch.head.evaluate': 'le nouveau modèle est mis à l’épreuve.',
  'watch.lead.evaluate': {
    one: 'Sur {count} image que personne n’a vue à l’entraînement.',
    other: 'Sur {count} images que personne n’a vues à l’entraînement.',
  },
  'watch.head.finished': '{accuracy} des images de test sont reconnues.',
  'watch.lead.finished.first': 'Toujours répondre la classe la plus fréquente en donnerait {majority}.',
  'watch.lead.finished.up': '{points} de plus qu’après le tour {before}.',
  'watch.lead.finished.down': '{points} de moins qu’après le tour {before}.',
  'watch.lead.finished.same': 'Autant qu’après le tour {before}.',
  'watch.lead.next-round': 'Ensuite : le tour {round}.',
  'watch.head.absent': { one: '{names} n’est pas de ce tour.', other: '{names} ne sont pas de ce tour.' },
  'watch.head.left': { one: '{names} : départ avant l’envoi.', other: '{names} : départ avant l’envoi.' },
  'watch.head.left-after': {
    one: '{names} : départ après l’envoi.',
    other: '{names} : départ après l’envoi.',
  },
  'watch.lead.absent': '{remaining} continuent, il en faut {threshold}.',
  'watch.lead.left':
    '{remaining} restent, il en faut {threshold}. Les masques peuvent être reconstitués à partir des parts de {threshold} autres.',
  'watch.lead.left-after':
    '{remaining} restent, il en faut {threshold}. Ce qui a été envoyé reste dans la somme.',
  'watch.lead.left.few':
    '{remaining} restent, et il en faut {threshold} : cet essai prendra fin sans que rien ne soit lu.',
  'watch.head.refused': '{names} : mise à jour refusée.',
  'watch.head.refused.other': '{names} : un message a été refusé.',
  'watch.lead.refused.signature':
    'La signature ne convient pas : pas un bit ne peut changer une fois signé. Rien n’en a été ajouté.',
  'watch.lead.refused.replayed':
    'Le même message est venu une seconde fois. Le premier compte, le second non.',
  'watch.lead.refused': 'Raison : {reason}. Rien n’en a été ajouté.',
  'watch.lead.injected': '{sentence} Cette faute vient de vous.',
  'watch.head.aborted': 'cet essai a pris fin, et rien n’a été démasqué.',
  'watch.head.aborted.sum': 'la somme n’a pas été acceptée.',
  'watch.lead.aborted': 'Raison : {reason}. {next}',
  'watch.lead.aborted.few': '{got} ont répondu, il en fallait {needed}. {next}',
  'watch.next.allowed': 'Nouvel essai avec des clés neuves et les mêmes mises à jour.',
  'watch.next.same-survivors':
    'Nouvel essai avec exactement les mêmes participants seulement : une autre somme pourrait trahir qui manque.',
  'watch.next.burnt': 'Pas de nouvel essai : une seconde somme pourrait trahir quelqu’un.',
  'watch.head.repeat': 'la question est posée à tous.',
  'watch.lead.repeat':
    'Certains avaient signé la liste de la somme quand le tour a échoué. Une somme de plus sur ce modèle demande l’accord de tous.',
  'watch.head.paused': 'En pause.',
  'watch.lead.paused': 'Le tour {round} attend là où il en est. Rien n’est perdu.',
  'watch.lead.paused.between': 'Le tour {round} est terminé. Reprendre lance le suivant.',
  'watch.lead.pausing': 'La pause commence à la fin de ce tour.',
  'watch.head.held.advertise-keys': 'ensuite, chacun crée des clés neuves.',
  'watch.lead.held.advertise-keys':
    'Deux paires chacun : une pour se parler en privé, une pour convenir de masques. Les moitiés publiques sont signées et envoyées.',
  'watch.head.held.share-keys': 'ensuite, les paires conviennent de masques et distribuent des parts.',
  'watch.lead.held.share-keys':
    'Ce qui cache une mise à jour est découpé en parts pour les autres : {threshold} d’entre eux la reconstituent, moins n’apprennent rien.',
  'watch.head.held.masked-input': 'ensuite, chacun entraîne, masque et envoie.',
  'watch.lead.held.masked-input':
    'La mise à jour est cachée sous des masques qui s’annulent dans la somme, puis signée. Cela seul quitte l’ordinateur.',
  'watch.head.held.statement': 'ensuite, tous signent la liste de la somme.',
  'watch.lead.held.statement':
    'Une seule liste, signée par {threshold} au moins : ainsi le coordinateur ne peut pas démasquer deux sommes différentes.',
  'watch.head.held.unmask': 'ensuite, des parts sont révélées.',
  'watch.lead.held.unmask':
    'Pour qui est dans la somme, celles du masque propre ; pour qui est parti, celles de la clé de masque. Jamais les deux.',
  'watch.head.held.aggregate': 'ensuite, les masques s’annulent.',
  'watch.lead.held.aggregate':
    'Le coordinateur retire tous les masques de la somme, et ne peut lire que la somme.',
  'watch.head.ended': {
    one: '{count} tour est fait : {accuracy} des images de test sont reconnues.',
    other: 'Les {count} tours sont faits : {accuracy} des images de test sont reconnues.',
  },
  'watch.head.ended.target': {
    one: 'L’objectif est atteint après {count} tour : {accuracy} des images de test sont reconnues.',
    other: 'L’objectif est atteint après {count} tours : {accuracy} des images de test sont reconnues.',
  },
  'watch.head.ended.stopped': {
    one: 'Arrêté après {count} tour, à {accuracy} d’images de test reconnues.',
    other: 'Arrêté après {count} tours, à {accuracy} d’images de test reconnues.',
  },
  'watch.head.ended.early': 'Arrêté avant la fin d’un premier tour.',
  'watch.head.ended.aborted': 'Fin prématurée : {reason}.',
  'watch.lead.ended':
    'Toujours répondre la classe la plus fréquente en donnerait {majority}. Aucune mise à jour seule n’a jamais été visible.',
  'watch.lead.ended.clear':
    'Toujours répondre la classe la plus fréquente en donnerait {majority}. Les masques étaient désactivés : chaque mise à jour était visible.',
  'watch.lead.ended.early': 'Il n’y a pas de modèle à montrer, et rien n’a été démasqué.',
  'watch.lead.ended.aborted': {
    one: '{count} tour était terminé avant. Ce qui allait être additionné reste masqué.',
    other: '{count} tours étaient terminés avant. Ce qui allait être additionné reste masqué.',
  },
  'watch.lead.ended.not-compared':
    '{sentence} Les mots n’ont pas été comparés : personne ne s’est assuré à qui sont ces clés.',
  'watch.end.report': 'Ouvrir le rapport',
  'watch.end.try': 'Essayer le modèle en dessinant',
  'watch.end.again': 'Recommencer',
  'watch.end.next': 'Et maintenant ?',
  'watch.hint.next': 'N : la phase suivante',

  // replay
  'watch.replay.rounds': 'Tours ; choisissez-en un pour le revoir',
  'watch.replay.round': 'Tour {round}, {state}',
  'watch.replay.done': 'terminé',
  'watch.replay.now': 'en cours',
  'watch.replay.ahead': 'à venir',
  'watch.replay.back': 'Revenir au présent',
  'watch.replay.head': 'Retour sur le tour {round}.',
  'watch.replay.lead':
    'À {time} sur {total}. Déplacez le trait de la frise pour en voir n’importe quel moment.',
  'watch.replay.gone': 'Le détail du tour {round} n’est plus conservé ; ses chiffres le sont.',
  'watch.replay.moment': 'Moment du tour',
  'watch.replay.play': 'Lire',
  'watch.replay.stop': 'Suspendre',

  // the timeline
  'watch.timeline': 'Frise du tour {round}',
  'watch.row.advertise-keys': 'Clés',
  'watch.row.share-keys': 'Parts',
  'watch.row.training': 'Entraînement',
  'watch.row.masked-input': 'Masqué, signé, envoyé',
  'watch.row.masked-input.clear': 'Envoyé',
  'watch.row.statement': 'Liste signée',
  'watch.row.unmask': 'Parts révélées',
  'watch.row.of': 'sur {total}',
  'watch.row.alt': '{row} : {count} sur {total}',
  'watch.seconds': '{seconds} s',

  // what the coordinator sees
  'watch.sees': 'Ce que voit le coordinateur',
  'watch.sees.simulation': 'de {name} ; les deux côtés, car c’est une simulation',
  'watch.sees.room': 'de {name}, dont la vraie mise à jour reste chez soi',
  'watch.update': 'Vraie mise à jour',
  'watch.update.shown': 'On y devine ce qui a été appris',
  'watch.update.kernels': 'Ce que les filtres ont appris',
  'watch.update.none': 'Pas encore entraînée',
  'watch.update.absent': 'Pas sur cette machine',
  'watch.arrives': 'Ce qui arrive',
  'watch.arrives.masked': 'Toute valeur est aussi probable',
  'watch.arrives.clear': 'La mise à jour même : sans masques',
  'watch.arrives.none': 'Encore rien',
  'watch.arrives.left': 'Rien : {name} n’est plus là',
  'watch.arrives.refused': 'Refusé, et jeté',
  'watch.sum': 'Somme de {added}',
  'watch.sum.none': 'Somme',
  'watch.sum.nothing': 'Encore rien',
  'watch.sum.masked': 'Encore masquée : il en faut {threshold}',
  'watch.sum.enough': 'Masquée jusqu’à ce que des parts soient révélées',
  'watch.sum.cancelled': 'Les masques se sont annulés',
  'watch.sum.clear': 'N’a jamais été masquée',
  'watch.plus-masks': 'plus les masques',
  'watch.added-up': 'additionnés',
  'watch.picture.update': 'La vraie mise à jour de {name}, en image : {coordinates} de ses {of} nombres',
  'watch.picture.masked': 'La mise à jour masquée de {name} : du bruit, toutes les valeurs aussi probables',
  'watch.picture.clear': 'La mise à jour de {name} telle qu’elle est arrivée, lisible',
  'watch.picture.mask': 'Les masques de {name}, additionnés : du bruit',
  'watch.picture.sum': 'La somme de {added} mises à jour, lisible : leur moyenne en image',
  'watch.picture.running': 'La somme de {added} mises à jour masquées : du bruit',
  'watch.histogram': 'Combien de fois chaque valeur apparaît, de {from} à {to}',
  'watch.fault': 'Essayer une faute',
  'watch.fault.drop': 'Départ',
  'watch.fault.slow': 'Lenteur',
  'watch.fault.tamper': 'Altération',
  'watch.fault.replay': 'Rejeu',
  'watch.fault.drop.hint': '{name} quitte le tour avant d’envoyer',
  'watch.fault.slow.hint': '{name} met plus de temps que tous les autres',
  'watch.fault.tamper.hint': 'Un bit du prochain message de {name} change une fois signé',
  'watch.fault.replay.hint': 'Un message précédent de {name} est envoyé à la place du prochain',
  'watch.curious': 'Curieux',
  'watch.curious.hint':
    'Attaque la mise à jour de {name} dès son arrivée, comme le ferait un coordinateur curieux',
  'watch.curious.waits': 'Dès que le vecteur de {name} arrive, il est attaqué.',
  'watch.curious.tiles': {
    one: '{count} image que l’attaque tire du vecteur de {name}',
    other: '{count} images que l’attaque tire du vecteur de {name}',
  },
  'watch.curious.more': 'Voir de plus près',
  'watch.fault.room': 'Aucune faute ne peut être provoquée dans une vraie session',
  'watch.remove': 'Retirer',
  'watch.formula': 'Formule',
  'watch.formula.hide': 'Cacher la formule',
  'watch.details': 'Détails de {name}',

  // figures
  'watch.figures': 'Chiffres',
  'watch.accuracy': 'Exactitude',
  'watch.loss': 'Perte',
  'watch.f1': 'F1',
  'watch.confusion': 'Confusions',
  'watch.costs': 'Coûts',
  'watch.after': 'après le tour {round}',
  'watch.none-yet': 'après le premier tour',
  'watch.curve.alt': '{metric} par tour : {values}',
  'watch.curve.empty': '{metric} par tour : aucun n’est encore terminé',
  'watch.curve.majority': 'classe la plus fréquente {value}',
  'watch.confusion.alt': {
    one: '{count} image de test sur {total} est fausse. Le plus souvent : {worst}.',
    other: '{count} images de test sur {total} sont fausses. Le plus souvent : {worst}.',
  },
  'watch.confusion.none': 'Toutes les images de test sont reconnues.',
  'watch.confusion.pair': '{actual} pris pour {answer}, {errors} fois',
  'watch.confusion.caption': 'En ligne, ce que c’est. En colonne, la réponse.',
  'watch.confusion.empty': 'Après le premier tour : quelles classes sont confondues.',
  'watch.costs.empty': 'Après le premier tour : temps et trafic par phase.',
  'watch.costs.phase': 'Phase',
  'watch.costs.client': 'Un client',
  'watch.costs.coordinator': 'Coordinateur',
  'watch.costs.sent': 'Envoyé',
  'watch.costs.received': 'Reçu',
  'watch.costs.total': 'Un tour',
  'watch.costs.clock': 'À l’horloge',
  'watch.costs.caption': 'Temps de processeur du protocole, et octets d’un client, au tour {round}.',
  'watch.costs.caption.room': 'Temps à l’horloge, et octets d’un client, au tour {round}.',
  'watch.costs.train': 'Entraînement {train}, test {evaluate}, en tout {total}, à l’horloge.',
  'watch.costs.bytes': 'Un client envoie {sent} et reçoit {received}.',
  'watch.costs.room': 'Coordinateur {coordinator}, test {evaluate}, en tout {total}.',
  'watch.speed': '{count} images par seconde',

  ...watchLogFrench,
  ...watchCompareFrench,
  ...explainFrench,
  ...watchCodesFrench,
};
