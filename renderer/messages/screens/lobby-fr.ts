/** French: the lobby and the words, at the coordinator. Part of fr.ts. */
import type { lobbyEnglish } from './lobby-en.ts';
import type { Message } from '../translate.ts';

export const lobbyFrench: Readonly<Record<keyof typeof lobbyEnglish, Message>> = {
  // the bar over every session
  'lobby.bar.rounds': { one: '{count} tour', other: '{count} tours' },
  'lobby.bar.described': '{dataset}, {model} à {parameters} paramètres, {rounds}',
  'lobby.bar.demonstration': 'Démonstration : des protections peuvent être coupées',
  'lobby.bar.signed': 'Signé',
  'lobby.bar.unsigned': 'Non signé',
  'lobby.bar.masked': 'Masqué',
  'lobby.bar.masked.threshold': 'Masqué, {threshold} sur {people} pour démasquer',
  'lobby.bar.unmasked': 'Non masqué : les mises à jour se lisent',
  'lobby.bar.noise': 'Sans bruit ajouté',
  'lobby.end': 'Fermer la session',
  'lobby.end.sure': 'Fermer la session ?',
  'lobby.end.lost': {
    one: '{count} personne est là. La session finit pour elle, et ne pourra pas reprendre.',
    other: '{count} personnes sont là. La session finit pour elles, et ne pourra pas reprendre.',
  },

  // how to join
  'lobby.join': 'Rejoignez avec ce code',
  'lobby.join.named': 'Rejoindre « {title} »',
  'lobby.join.how': 'Ou scannez-le ; ou prenez-la sur votre écran.',
  'lobby.join.closed': 'Fermé. Rouvrez-le pour les retardataires.',
  'lobby.join.soon': 'Le code vient dans un instant.',
  'lobby.code': 'Le code pour rejoindre : {code}',
  'lobby.no-code':
    'Cette machine n’a pas d’adresse qui tienne dans un code : envoyez le lien, ou faites scanner.',
  'lobby.copy': 'Copier le lien',
  'lobby.copied': 'Le lien est dans le presse-papiers.',
  'lobby.not-copied': 'Le presse-papiers est inaccessible ici. Le lien : {link}',
  'lobby.file': 'Enregistrer en fichier',
  'lobby.large': 'En grand',
  'lobby.qr': 'Code QR du lien pour rejoindre',
  'lobby.address': 'Adresse',
  'lobby.key': 'Clé de cette machine',

  // who is here
  'lobby.people': 'Participants',
  'lobby.opening': 'La session s’ouvre.',
  'lobby.opening.lead': 'Images et modèle se chargent ; puis le code apparaît.',
  'lobby.empty': 'Personne n’est encore là.',
  'lobby.empty.lead': 'Il faut être trois. Mettez le code au mur : touche P pour le projecteur.',
  'lobby.open': { one: '{count} est là.', other: '{count} sont là.' },
  'lobby.open.free': { one: 'Une place est libre.', other: '{count} places sont libres.' },
  'lobby.open.few': 'Il faut être trois. Ils apparaissent d’eux-mêmes.',
  'lobby.open.lead': 'Fermez l’accueil quand la salle est au complet.',
  'lobby.locked.lead': 'Personne d’autre n’entre. Qui est là reste.',
  'lobby.survives.none': 'Personne ne peut partir pendant un tour.',
  'lobby.survives': {
    one: 'Un peut partir pendant un tour.',
    other: 'Jusqu’à {count} peuvent partir pendant un tour.',
  },
  'lobby.drawing': 'Les mots sont tirés.',
  'lobby.drawing.lead': 'Chaque portable y met sa part, pour que personne ne puisse les choisir.',
  'lobby.closed': {
    one: 'L’accueil est fermé : {count} est là.',
    other: 'L’accueil est fermé : {count} sont là.',
  },
  'lobby.compared.all': {
    one: '{count} lit les mêmes mots.',
    other: 'Les {count} lisent les mêmes mots. Et vous ?',
  },
  'lobby.compared.names': {
    one: '{names} regarde encore les mots.',
    other: '{names} regardent encore les mots.',
  },
  'lobby.compared.none': 'Personne n’a encore répondu.',
  'lobby.differs': { one: '{names} lit d’autres mots.', other: '{names} lisent d’autres mots.' },
  'lobby.differs.lead':
    'Ou compte d’autres personnes : quelqu’un est peut-être entre ce portable et celui-ci. Comparez les empreintes, retirez qui n’a rien à faire là, et refermez l’accueil.',
  'lobby.reopened': 'L’accueil est rouvert.',
  'lobby.reopened.lead': 'Qui était là revient de soi-même. Refermez pour de nouveaux mots.',
  'lobby.free': 'libre',
  'lobby.free.more': { one: 'encore {count} libre', other: 'encore {count} libres' },
  'lobby.waiting': {
    one: '{count} de plus attend dehors. Rouvrez l’accueil pour le faire entrer : nouveaux mots.',
    other: '{count} de plus attendent dehors. Rouvrez l’accueil pour les faire entrer : nouveaux mots.',
  },
  'lobby.seat.known': 'déjà vu',
  'lobby.seat.away': 'absent',
  'lobby.seat.comparing': 'compare',
  'lobby.seat.same': 'lit les mêmes mots',
  'lobby.seat.unseen': 'n’a pas regardé',
  'lobby.seat.differs': 'autres mots',
  'lobby.lock': 'Ne plus laisser entrer',
  'lobby.unlock': 'Laisser entrer',
  'lobby.close': 'Fermer l’accueil',
  'lobby.close.again': 'Refermer l’accueil',
  'lobby.reopen': 'Rouvrir',
  'lobby.remove': 'Retirer {name}',
  'lobby.remove.sure': 'Retirer {name} ?',
  'lobby.remove.lost': 'Qui est retiré ne peut pas revenir dans cette session.',
  'lobby.remove.lost.words':
    'Qui est retiré ne peut pas revenir dans cette session. Les mots désignent la liste telle qu’elle est : rouvrez ensuite l’accueil, pour de nouveaux mots.',

  // the words
  'lobby.words': 'Mots à comparer',
  'lobby.words.soon': 'Quatre mots apparaîtront ici.',
  'lobby.words.when': 'La salle les reçoit quand l’accueil se ferme.',
  'lobby.words.stand-for':
    'Ils désignent cette liste exacte de personnes : personne ne peut être remplacé. Comptez-les aussi.',
  'lobby.words.drawing': 'Quatre mots sont en chemin.',
  'lobby.words.drawing.hint': 'Ils apparaissent sur tous les écrans à la fois.',
  'lobby.words.question': {
    one: 'Chacun lit-il ces quatre mots, et compte-t-il {count} personne ?',
    other: 'Chacun lit-il ces quatre mots, et compte-t-il {count} personnes ?',
  },
  'lobby.words.meaning': {
    one: 'Les mêmes mots sur chaque écran : les mêmes personnes, et nul entre elles.',
    other: 'Les mêmes mots sur les {count} écrans : les mêmes {count} personnes, et nul entre elles.',
  },
  'lobby.start': 'Lancer',
  'lobby.start.with': { one: 'Lancer à {count}', other: 'Lancer à {count}' },
  'lobby.start.first': 'Fermez d’abord l’accueil.',
  'lobby.start.comparing': { one: '{count} compare encore.', other: '{count} comparent encore.' },
  'lobby.start.all': 'Si vous lisez aussi les mêmes mots.',
  'lobby.start.starting': 'Lancement ...',
  'lobby.start.without': {
    one: 'Lancer sans attendre : {count} a comparé',
    other: 'Lancer sans attendre : {count} ont comparé',
  },

  // what went wrong
  'lobby.problem.too-few-members': 'L’accueil n’a pas pu être fermé : moins de trois ont répondu.',
  'lobby.problem.too-few-members.hint': 'Attendez d’être trois ou plus, et refermez-le.',
  'lobby.problem.draws-exhausted':
    'L’accueil n’a pas pu être fermé : des personnes disparaissaient pendant le tirage des mots.',
  'lobby.problem.draws-exhausted.hint': 'Refermez-le.',
  'lobby.problem.parameters-impossible':
    'L’accueil n’a pas pu être fermé : les réglages ne vont pas avec tant de personnes.',
  'lobby.problem.parameters-impossible.hint':
    'Changez le nombre de personnes, ou fermez la session et ouvrez-en une avec d’autres réglages.',
};
