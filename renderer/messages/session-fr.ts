/** French: what coordinate, join and sessions print. Part of fr.ts, which has the rules. */
export const sessionFrench = {
  // labels, one column; those of a round's steps are indented
  'session.label.session': 'Session',
  'session.label.code': 'Code',
  'session.label.link': 'Lien',
  'session.label.address': 'Adresse',
  'session.label.key': 'Clé',
  'session.label.lobby': 'Accueil',
  'session.label.words': 'Mots',
  'session.label.here': 'Revenu',
  'session.label.gone': 'Parti',
  'session.label.refused': 'Refusé',
  'session.label.asked': 'Question',
  'session.label.leader': 'Animateur',
  'session.label.data': 'Données',
  'session.label.connected': 'Connecté',
  'session.label.lost': 'Coupé',
  'session.label.waiting': 'Attente',
  'session.label.note': 'Note',
  'session.label.error': 'Problème',
  'session.label.end': 'Fin',
  'session.label.model': 'Modèle',
  'session.step.training': 'entraînement',
  'session.step.keys': 'clés',
  'session.step.shares': 'parts',
  'session.step.masked': 'masqué',
  'session.step.signed': 'signé',
  'session.step.revealed': 'révélé',
  'session.step.left': 'parti',
  'session.step.recovered': 'récupéré',
  'session.step.refused': 'refusé',
  'session.step.aborted': 'abandonné',
  'session.step.sum': 'somme',
  'session.step.model': 'modèle',
  'session.step.time': 'temps',
  'session.step.held': 'attend',

  // opening, lobby, words
  'session.listening': '{session}, ouverte à ceux qui ont le code',
  'session.listening.again': '{session}, reprend là où elle a été interrompue',
  'session.no-code': 'aucun, car cette machine n’a pas d’adresse IPv4 : prenez le lien',
  'session.lobby': { one: '{count} participant', other: '{count} participants' },
  'session.lobby.locked': '{participants} ; personne d’autre n’entre',
  'session.lobby.empty': 'personne n’est encore là',
  'session.lobby.new': '{name} est là ({fingerprint})',
  'session.lobby.known': '{name} est là, déjà rencontré ({fingerprint})',
  'session.lobby.waits': '{name} attend la prochaine époque ({fingerprint})',
  'session.list.confirmed': 'confirmé',
  'session.list.offline': 'non connecté',
  'session.roster.members': { one: '{count} participant', other: '{count} participants' },
  'session.roster.own': '{participants} ; vous êtes le numéro {number}',
  'session.roster.compare': 'Chaque écran doit montrer ces mots, dans cet ordre, et ce nombre.',
  'session.confirmed': '{name} voit les mêmes',
  'session.confirmed.unseen': '{name} les accepte sans les voir',
  'session.differs': '{name} VOIT AUTRE CHOSE',

  // rounds
  'session.round': 'Tour {round} sur {rounds}',
  'session.round.again': 'Tour {round} sur {rounds}, essai {attempt}',
  'session.training': {
    one: '{count} participant s’entraîne ; il a {time} au plus',
    other: '{count} participants s’entraînent ; ils ont {time} au plus',
  },
  'session.awaited': '{phase} : {answered} sur {awaited}',
  'session.held': 'avant « {phase} » ; continue quand vous tapez : next',
  'session.left': '{name}, phase « {phase} »',
  'session.left.why': '{name}, phase « {phase} » ({reason})',
  'session.recovered': '{name} : ses masques, refaits à partir des parts que les autres détiennent',
  'session.refused': '{name}, phase « {phase} » : {reason}',
  'session.share-missing': '{name} n’a pas pu ouvrir une part',
  'session.aborted': 'essai {attempt} : {reason} ; {retry}',
  'session.retry.allowed': 'nouvel essai, avec de nouvelles clés',
  'session.retry.same-survivors': 'nouvel essai, avec les mêmes participants seulement',
  'session.retry.burnt': 'pas de nouvel essai sans l’accord de tous',
  'session.sum': '{masked} sur {participants} y sont ; {signed} ont signé qui y est',
  'session.model': 'exactitude {accuracy}, F1 {f1}, perte {loss}',
  'session.time': '{time} ; le coordinateur a calculé {coordinator}',
  'session.keys': 'deux paires neuves, pour ce seul essai',
  'session.shares': 'les secrets derrière les masques, répartis en parts scellées',
  'session.masked': '{bytes} envoyés ; seuls, ils ne disent rien',
  'session.masked.demonstration': '{bytes} envoyés ; dans une démonstration, ils peuvent être lisibles',
  'session.signed': {
    one: 'qui est dans la somme : {count} participant',
    other: 'qui est dans la somme : {count} participants',
  },
  'session.revealed': 'une part de chacun, pour que la somme puisse être lue',
  'session.coordinator': 'le coordinateur',
  'session.number': 'numéro {number}',

  // people and network
  'session.turned-away': '{who} : {reason}',
  'session.because': '{name} ({reason})',
  'session.repeat-asked': 'Le tour {round} ne peut être refait d’office : on demande à chacun',
  'session.ballot': {
    one: 'La personne qui anime interroge la salle sur {count} image : on répond dans la fenêtre',
    other: 'La personne qui anime interroge la salle sur {count} images : on répond dans la fenêtre',
  },
  'session.repeat.failed':
    'Le tour {round} a échoué après que certains ont signé qui y est. Faut-il permettre une somme de plus sur le même modèle ?',
  'session.repeat.risk':
    'Comparée à ce que le coordinateur a déjà, elle peut trahir la mise à jour de celui qui manque.',
  'session.joined': {
    one: '{title} : vous êtes {name} ; {count} tour',
    other: '{title} : vous êtes {name} ; {count} tours',
  },
  'session.aggregation': 'Le coordinateur regarde chaque mise à jour : {rule}',
  'session.loss': 'On vous demande d’entraîner avec une autre perte que d’habitude : {loss}',
  'session.demonstration': 'UNE DÉMONSTRATION : des protections peuvent être coupées',
  'session.data.dealt': {
    one: '{count} image de {dataset}, pour vous ; elle reste sur cette machine',
    other: '{count} images de {dataset}, pour vous ; elles restent sur cette machine',
  },
  'session.data.own': {
    one: '{count} image à vous, {dataset} ; elle reste sur cette machine',
    other: '{count} images à vous, {dataset} ; elles restent sur cette machine',
  },
  'session.data.drawings': {
    one: '{count} parmi elles est un de vos dessins',
    other: '{count} parmi elles sont de vos dessins',
  },
  'session.disconnected': '{reason}',
  'session.disconnected.retry': '{reason} ; nouvel essai dans {time}',
  'session.waiting.running': 'des tours sont en cours : vous entrerez à la prochaine époque',
  'session.paused': 'L’animateur a mis la session en pause.',
  'session.resumed': 'La session reprend.',

  // the end
  'session.outcome.finished': 'tous les tours sont faits',
  'session.outcome.target': 'l’exactitude visée est atteinte',
  'session.outcome.stopped': 'arrêtée par l’animateur',
  'session.outcome.left': 'vous êtes parti',
  'session.outcome.unfinished': 'pas terminée : elle peut reprendre',
  'session.final': 'après le tour {round}, exactitude {accuracy}',
  'session.final.unknown': 'après le tour {round}',
  'session.not-compared':
    'Les mots n’ont pas été comparés : à qui sont ces clés, personne ne s’en est assuré.',

  // what a person is asked and told
  'session.ask.words':
    'Les mots et le nombre de participants sont-ils les mêmes sur chaque écran ? (oui/non)',
  'session.ask.repeat': 'Permettre une somme de plus sur ce modèle ? (oui/non)',
  'session.looking': 'Recherche de sessions sur le réseau local ...',
  'session.found': 'Trouvée : {title}',
  'session.ending':
    'Fin de la session. Ctrl-C encore une fois quitte tout de suite ; --resume reprend plus tard.',
  'session.leaving': 'Vous quittez la session.',
  'session.unknown-command': 'Commande « {line} » inconnue.',
  'session.unknown-number':
    'Impossible de retirer {number} : ce doit être un numéro de la liste. Tapez : list',
  'session.bad-deadline': 'Impossible de changer le délai. Tapez : deadline SECONDES, ou : deadline auto',
  'session.commands': `À taper pendant la session :
  close           ferme la liste ; les mots sont tirés avec ceux qui y sont
  oui, non        les mots sont les mêmes sur chaque écran, ou ne le sont pas
  start           commence avec ceux qui ont confirmé
  list            qui est là
  lock, unlock    ne laisse plus entrer personne, ou laisse entrer de nouveau
  remove NUMÉRO   retire quelqu’un (le numéro de la liste)
  pause, resume   entre deux tours
  step, full      chaque phase attend : next ; ou aucune
  next            laisse partir la phase qui attend
  deadline 30     chaque phase attend 30 secondes ; deadline auto : le temps qu’il faut à la plupart
  stop            termine la session`,

  // sessions list, show, export, delete
  'sessions.none': 'Cette machine n’a pas encore de session.',
  'sessions.column.session': 'Session',
  'sessions.column.title': 'Titre',
  'sessions.column.role': 'Rôle',
  'sessions.column.state': 'État',
  'sessions.column.started': 'Début',
  'sessions.column.rounds': 'Tours',
  'sessions.column.accuracy': 'Exactitude',
  'sessions.column.people': 'Participants',
  'sessions.column.compared': 'Mots comparés',
  'sessions.role.coordinator': 'coordinateur',
  'sessions.role.participant': 'participant',
  'sessions.state.lobby': 'accueil',
  'sessions.state.running': 'interrompue',
  'sessions.state.finished': 'terminée',
  'sessions.state.stopped': 'arrêtée',
  'sessions.state.aborted': 'abandonnée',
  'sessions.took': '{started}, pendant {time}',
  'sessions.compared': 'comparés',
  'sessions.not-compared': 'NON COMPARÉS',
  'sessions.words': '{words} ({compared})',
  'sessions.epoch': 'Époque {epoch}',
  'sessions.member': '{number}  {name}  {fingerprint}',
  'sessions.rounds': 'Tours',
  'sessions.phases': 'Temps, à l’horloge',
  'sessions.phase': 'moyenne {mean}, au plus {most}, {answered} réponses sur {awaited}',
  'sessions.events': 'Inhabituel',
  'sessions.no-events': 'rien : tous ont répondu, rien n’a été refusé',
  'sessions.more': {
    one: 'et {count} de plus (dans l’export)',
    other: 'et {count} de plus (dans l’export)',
  },
  'sessions.audit': 'Audit',
  'sessions.no-model': 'Aucun tour n’est terminé : il n’y a pas de modèle à écrire.',
  'sessions.no-audit': 'La session n’est pas terminée : il n’y a pas de fichier d’audit à écrire.',
  'sessions.sure': 'Supprimer {title} ({session}), avec son histoire et ses modèles ? (oui/non)',
  'sessions.sure.open':
    '{title} ({session}) n’est pas terminée. Supprimée, elle ne reprendra jamais, et ses participants attendront en vain. La supprimer ? (oui/non)',
  'sessions.deleted': 'Supprimée : {title}',

  // notes
  'note.waiting-for-members': 'En attente : {present} participants sont connectés, il en faut {needed}.',
  'note.more-refused': {
    one: '{count} de plus a été refusé dans cette seconde.',
    other: '{count} de plus ont été refusés dans cette seconde.',
  },
  'note.images-left-out': {
    one: '{count} image laisse la place à vos dessins ({drawings}) : personne ne peut apprendre de plus de {most} images.',
    other:
      '{count} images laissent la place à vos dessins ({drawings}) : personne ne peut apprendre de plus de {most} images.',
  },
  'note.drawings-left-out': {
    one: '{count} dessin plus ancien reste dehors : personne ne peut apprendre de plus de {most} images.',
    other:
      '{count} dessins plus anciens restent dehors : personne ne peut apprendre de plus de {most} images.',
  },
  'note.engine': 'Entraînement avec {engine}.',
  'note.moving-statistics':
    'Le modèle normalise par lots : {count} de ses nombres sont des moyennes et des variances que donnent les données de chaque machine, et font partie de chaque mise à jour.',
  'note.left-attempt': 'Cette machine est hors de l’essai : {reason}.',
  'note.discovery-blocked':
    'Sur ce réseau les sessions ne se trouvent pas d’elles-mêmes ({reason}) ; le code et le lien fonctionnent.',
  'note.coordinator-away': 'Le coordinateur est parti pour l’instant ; cette machine l’attend.',

  // problems, and what to do
  'problem.coordinator.words-differ':
    'Les mots diffèrent : quelqu’un en voit d’autres, ou un autre nombre de participants.',
  'problem.coordinator.hint.words-differ':
    'Trouvez qui. Quelqu’un se tient peut-être entre vous. Puis refermez la liste : close',
  'problem.coordinator.too-few-members':
    'La liste ne peut être fermée : moins de trois participants ont répondu.',
  'problem.coordinator.hint.too-few-members': 'Attendez qu’ils soient trois ou plus, puis : close',
  'problem.coordinator.draws-exhausted':
    'La liste ne peut être fermée : des participants n’ont cessé de disparaître pendant le tirage des mots.',
  'problem.coordinator.hint.draws-exhausted': 'Refermez-la : close',
  'problem.coordinator.parameters-impossible':
    'La liste ne peut être fermée : les réglages ne conviennent pas à autant de participants.',
  'problem.coordinator.hint.parameters-impossible':
    'Changez leur nombre, ou terminez la session et recommencez avec d’autres réglages.',
  'problem.participant.words-differ':
    'Vous avez dit que les mots ou le nombre diffèrent : cette machine ne participe pas.',
  'problem.participant.hint.words-differ': 'Dites-le à l’animateur. Quelqu’un se tient peut-être entre vous.',
  'problem.participant.too-few-changes':
    'Cette machine n’entre pas dans cette époque : trop peu sont arrivés ou partis, on pourrait comparer des sommes.',
  'problem.participant.hint.too-few-changes':
    'Dites-le à l’animateur : arrivées et départs se prennent ensemble, à partir de trois.',
  'problem.participant.lobby': 'Cette machine n’est pas dans cette époque : {reason}.',
  'problem.participant.hint.lobby':
    'La liste que le coordinateur a montrée ne tient pas. Demandez à l’animateur de la refermer.',

  // codes, in words
  'code.lost': 'la connexion s’est rompue',
  'code.silent': 'aucun signe de vie',
  'code.unproven': 'n’a pas prouvé sa clé à temps',
  'code.misbehaved': 'ne respecte pas le protocole',
  'code.congested': 'trop lent à recevoir',
  'code.overcrowded': 'trop de connexions',
  'code.identity-in-use': 'la même clé est déjà connectée',
  'code.refused': 'n’est pas admis',
  'code.session-over': 'la session est terminée',
  'code.closing': 'a pris congé',
  'code.bad-signature': 'la signature est fausse',
  'code.below-threshold': 'trop peu de participants',
  'code.neighbourhood-starved': 'il reste trop peu de voisins à quelqu’un',
  'code.survivors-differ': 'd’autres manquent que ceux pour qui on a signé',
  'code.shares-missing': 'trop peu de parts sont venues',
  'code.unmasking-failed': 'les masques n’ont pas pu être reconstruits',
  'code.aggregate-implausible': 'des participants honnêtes ne peuvent avoir cette somme',
  'code.cancelled': 'annulé',
  'code.round-burnt': 'le tour n’a pas pu être refait',
  'code.too-few-members': 'moins de trois participants ont répondu',
  'code.draws-exhausted': 'des participants n’ont cessé de disparaître pendant le tirage des mots',
  'code.roster-refused': 'la liste n’en est pas une que l’on puisse confirmer',
  'code.acknowledgement-differs': 'on a montré une autre liste à quelqu’un',
  'code.opening-differs': 'un nombre pour les mots n’est pas celui qui était promis',
  'code.parameters-impossible': 'les réglages ne conviennent pas à autant de participants',
  'code.words-differ': 'les mots diffèrent',
  'code.coordinator-lost': 'le coordinateur n’est pas revenu',
  'code.removed': 'retiré par l’animateur',
  'code.own-doing': 'parti de lui-même',
  'code.timeout': 'pas de réponse à temps',
  'code.not-connected': 'non connecté',
} as const;
