/** French: texts of the attack forgery. Part of attacks/fr.ts. */
import type { Message } from '../translate.ts';
import type { forgeryEnglish } from './forgery-en.ts';

export const forgeryFrench: Readonly<Record<keyof typeof forgeryEnglish, Message>> = {
  'attack.forgery.title': 'Altérer, rejouer, falsifier',
  'attack.forgery.question': 'Falsifier, rejouer, altérer : qu’est-ce qui passe ?',
  'attack.forgery.label.untouched': 'Sans protection',
  'attack.forgery.method': 'Chaque ruse est tentée contre le vrai protocole',

  // the attacker
  'attack.forgery.attacker': 'un inconnu sur la ligne, un participant, le coordinateur',
  'attack.forgery.sees.masked': 'tous les messages qui passent ; leurs vecteurs sont masqués',
  'attack.forgery.sees.plain': 'tous les messages qui passent, avec la vraie mise à jour',
  'attack.forgery.may.signed':
    'réécrire, répéter, retenir et inventer des messages, et signer avec sa propre clé',
  'attack.forgery.may.unsigned': 'réécrire, répéter, retenir et inventer des messages : rien n’est signé',
  'attack.forgery.target': 'une session de {clients} clients, sur le protocole des vraies sessions',

  // verdicts
  'attack.forgery.stopped':
    'Non. Les {count} ruses sont refusées. Une mise à jour inventée, correctement signée, passe.',
  'attack.forgery.leaks': 'Oui. {got} ruses sur {count} obtiennent ce qu’elles cherchent.',
  'attack.forgery.leaks.unsigned':
    'Oui. {got} ruses sur {count} obtiennent ce qu’elles cherchent : rien n’est signé.',
  'attack.forgery.leaks.unmasked':
    'Oui. {got} ruses sur {count} obtiennent ce qu’elles cherchent : les mises à jour sont à découvert.',
  'attack.forgery.leaks.bare':
    'Oui. {got} ruses sur {count} obtiennent ce qu’elles cherchent : rien n’est signé, rien n’est masqué.',

  // evidence
  'attack.forgery.evidence':
    '{refused} refusées sur {count} ; sans signatures ni masques, {off}. Ce qu’aucune règle ne peut refuser : une mise à jour dans toutes ses bornes a déplacé la moyenne de {shift} de la borne.',
  'attack.forgery.short': '{refused} refusées sur {count}',

  // names
  'attack.forgery.switch.protected': 'Signature et masques',
  'attack.forgery.switch.masks-only': 'Masques seuls',
  'attack.forgery.switch.signature-only': 'Signature seule',
  'attack.forgery.switch.unprotected': 'Ni l’une ni les autres',
  'attack.forgery.setting.clients': 'Clients de la session',
  'attack.forgery.stage.identities': 'Chacun fabrique une clé',
  'attack.forgery.stage.tricks': 'Ruse après ruse',
  'attack.forgery.column.name': 'Ruse',
  'attack.forgery.column.trickster': 'De qui',
  'attack.forgery.column.outcome': 'Issue',
  'attack.forgery.column.reason': 'Pourquoi',
  'attack.forgery.column.by': 'Refusée par',
  'attack.forgery.column.off': 'Ni signé ni masqué',
  'attack.forgery.column.code': 'Code',
  'attack.forgery.column.phase': 'Phase',
  'attack.forgery.column.sum': 'Ce que devient le tour',
  'attack.forgery.row.tamper': 'Altérer un vecteur en route',
  'attack.forgery.row.tamper-model': 'Altérer le modèle en route',
  'attack.forgery.row.replay': 'Envoyer un vecteur deux fois',
  'attack.forgery.row.replay-round': 'Renvoyer le vecteur du tour précédent',
  'attack.forgery.row.replay-session': 'Envoyer le vecteur d’une autre session',
  'attack.forgery.row.stranger': 'Participer sans être sur la liste',
  'attack.forgery.row.forge': 'Fabriquer un vecteur au nom d’un autre',
  'attack.forgery.row.impersonate': 'Parler pour un autre sur sa propre ligne',
  'attack.forgery.row.second-vector': 'Envoyer un second vecteur, différent',
  'attack.forgery.row.inflate': 'Déclarer plus d’images que personne n’en a',
  'attack.forgery.row.key-swap': 'Échanger les clés de tous contre les siennes',
  'attack.forgery.row.both-shares': 'Demander les deux parts d’une personne',
  'attack.forgery.row.second-sum': 'Refaire la somme sans une personne',
  'attack.forgery.row.claim-dropouts': 'Prétendre que tous sauf deux sont partis',
  'attack.forgery.row.lower-threshold': 'Baisser le seuil en cours de session',
  'attack.forgery.row.weak-plan': 'Prévoir un seuil de deux',
  'attack.forgery.row.poison': 'Inventer une mise à jour et la signer',
  'attack.forgery.cell.open': 'à découvert',
  'attack.forgery.cell.wire': 'quelqu’un sur la ligne',
  'attack.forgery.cell.participant': 'un participant',
  'attack.forgery.cell.coordinator': 'le coordinateur',
  'attack.forgery.cell.client': 'un client',
  'attack.forgery.cell.quorum': 'le seuil',
  'attack.forgery.cell.sum-right': 'somme de ceux qui y sont',
  'attack.forgery.cell.sum-wrong': 'une somme fausse',
  'attack.forgery.cell.sum-none': 'pas de somme',
  'attack.forgery.cell.session': 'avant les tours',
  'attack.forgery.cell.advertise-keys': 'clés',
  'attack.forgery.cell.share-keys': 'parts des clés',
  'attack.forgery.cell.masked-input': 'vecteurs',
  'attack.forgery.cell.statement': 'qui en est',
  'attack.forgery.cell.unmask': 'démasquage',
  'attack.forgery.cell.aggregate': 'la somme',
  'attack.forgery.cell.why-bad-signature': 'la signature ne va pas avec ces octets',
  'attack.forgery.cell.why-replayed': 'ces mêmes octets ont déjà été vus',
  'attack.forgery.cell.why-stale-round': 'il appartient à un tour passé',
  'attack.forgery.cell.why-wrong-session': 'il appartient à une autre session',
  'attack.forgery.cell.why-unknown-sender': 'personne de ce numéro n’est sur la liste',
  'attack.forgery.cell.why-wrong-sender': 'la connexion est celle d’un autre',
  'attack.forgery.cell.why-contradiction': 'un vecteur par tour, et le premier compte',
  'attack.forgery.cell.why-aggregate-implausible': 'des clients honnêtes n’ont jamais une telle somme',
  'attack.forgery.cell.why-relay-refused': 'un message relayé n’est pas signé de son auteur',
  'attack.forgery.cell.why-too-few-shares':
    'deux quorums se recoupent toujours : trop peu de parts de chaque',
  'attack.forgery.cell.why-survivors-differ': 'd’autres présents ont été signés dans ce tour',
  'attack.forgery.cell.why-below-threshold': 'moins que le seuil',
  'attack.forgery.cell.why-parameters-differ': 'ce n’est pas ce qui a été convenu',
  'attack.forgery.cell.why-floors-not-met': 'moins que ce qu’un client exige',
  'attack.forgery.cell.why-wrong-context': 'fait pour un autre modèle',

  'attack.forgery.notes':
    'Chaque ligne est vraiment jouée, sur le code des sessions. Lisez le tableau de haut en bas : ce qu’arrêtent les signatures, ce qu’arrête la fraîcheur, ce qu’arrête le seuil. Puis coupez tout et regardez ce qui reste. La dernière ligne passe toujours : un protocole dit qui a envoyé quoi, jamais si c’est vrai.',
};
