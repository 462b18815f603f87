/** French: what the report of a session over a network says, beside what every report does. Part of fr.ts. */
export const sessionReportFrench = {
  yes: 'oui',
  no: 'non',
  'report.session': 'Session',
  'report.kept.coordinator': '{title}, telle que la machine du coordinateur l’a gardée',
  'report.kept.participant': '{title}, telle que la machine d’un participant l’a gardée',
  'report.kept.by': '{title}, telle que gardée par {name}, numéro {number}',

  'finding.participants': '{number} participants',
  'finding.left.session': {
    one: 'Des participants ont manqué {count} fois à une somme.',
    other: 'Des participants ont manqué {count} fois à une somme.',
  },
  'finding.stopped': 'Arrêtée après {done} tours sur {rounds}, avec {accuracy} des images de test bien lues.',
  'finding.stopped-early': 'Arrêtée avant la fin du premier tour : il n’y a pas de modèle.',
  'finding.gone': 'Quittée après {done} tours sur {rounds}, avec {accuracy} des images de test bien lues.',
  'finding.gone-early': 'Quittée avant la fin du premier tour : il n’y a pas de modèle.',
  'finding.unfinished':
    'Après {done} tours sur {rounds}, {accuracy} des images de test sont bien lues ; la session n’est pas terminée.',
  'finding.unfinished-early': 'La session n’est pas terminée, et aucun tour ne l’est encore.',

  'banner.partial.stopped': 'L’animateur a arrêté la session. Les chiffres sont ceux des tours terminés.',
  'banner.empty.stopped': 'L’animateur a arrêté la session pendant le premier, ou avant.',
  'banner.partial.left':
    'Cette machine a quitté la session. Les chiffres sont ceux des tours jusque-là ; les autres ont pu continuer.',
  'banner.empty.left': 'Cette machine a quitté la session avant. Les autres ont pu continuer.',
  'banner.partial.unfinished':
    'La session est en cours, ou a été interrompue et peut reprendre. Les chiffres sont ceux des tours terminés.',
  'banner.empty.unfinished': 'La session est en cours, ou a été interrompue et peut reprendre.',
  'banner.not-compared': 'Les mots n’ont pas été comparés.',
  'banner.not-compared.coordinator':
    'Quelqu’un les a acceptés sans les voir, ou la session a commencé d’elle-même. Personne ne sait si ces clés sont celles des gens dans la salle : quelqu’un entre eux aurait pu se faire passer pour chacun auprès des autres.',
  'banner.not-compared.participant':
    'Sur cette machine, ils ont été acceptés sans être vus. Elle ne sait pas si ces clés sont celles des gens dans la salle : quelqu’un entre eux aurait pu se faire passer pour chacun.',
  'banner.demonstration': 'C’était une démonstration.',
  'banner.demonstration.text': 'Tous avaient accepté que des protections puissent être coupées.',

  'results.session.detail': {
    one: 'Sur un réseau, {clients} participants, {count} tour',
    other: 'Sur un réseau, {clients} participants, {count} tours',
  },

  'people.heading': 'Qui a participé',
  'people.words': 'Les mots : {words}',
  'people.compared.coordinator': 'Tous ceux qui ont confirmé ont comparé ces mots avec les autres écrans.',
  'people.compared.participant':
    'Sur cette machine, ils ont été comparés avec les autres écrans. Ce que les autres ont fait, elle ne le sait pas.',
  'people.not-compared.coordinator': 'Tous n’ont pas comparé ces mots.',
  'people.not-compared.participant': 'Sur cette machine, personne n’a comparé ces mots.',
  'people.list': { one: '{count} participant', other: '{count} participants' },
  'people.caption':
    'Empreinte : SHA-256 de la clé avec laquelle quelqu’un a signé. Dans la somme : tours dont la somme contient la mise à jour de ce participant.',
  'people.number': 'Numéro',
  'people.name': 'Nom',
  'people.own': 'cette machine',
  'people.gone': 'plus dans la dernière liste',
  'people.fingerprint': 'Empreinte',
  'people.rounds': 'Dans la somme',
  'people.rounds.value': '{summed} sur {rounds}',
  'people.epochs': 'Listes',
  'people.epochs.caption':
    'Chaque fois que quelqu’un est arrivé ou parti, la liste a été refermée, avec de nouveaux mots.',
  'people.epoch': 'Époque',
  'people.epoch.words': 'Mots',
  'people.epoch.members': 'Participants',
  'people.epoch.threshold': 'Nécessaires',
  'people.epoch.compared': 'Comparés',
  'people.epoch.unconfirmed': 'jamais confirmée',

  'rounds.epoch': 'Époque',
  'rounds.caption.session':
    'Combien des {clients} participants ont répondu à chaque phase ; il en faut {threshold}. Qu’une somme soit celle des mises à jour, aucune machine d’une session ne peut le vérifier : il faudrait la mise à jour de chacun.',
  'rounds.caption.session.sparse':
    'Combien des {clients} participants ont répondu à chaque phase ; il en faut {threshold}, et {neighbourThreshold} des {neighbours} voisins de chacun. Qu’une somme soit celle des mises à jour, aucune machine d’une session ne peut le vérifier : il faudrait la mise à jour de chacun.',

  'events.dropped.session': {
    one: '{count} participant manque à la somme',
    other: '{count} participants manquent à la somme',
  },
  'events.outside': 'Hors des tours',

  'costs.session.time':
    'Un tour a pris {time} à l’horloge ; le coordinateur en a passé {coordinator} à calculer, sans l’évaluation.',
  'costs.session.caption':
    'Combien de temps le coordinateur a attendu à chaque phase, à l’horloge, tous essais compris : jusqu’à la dernière réponse, ou jusqu’à renoncer. L’envoi masqué comprend l’entraînement.',
  'costs.session.mean': 'Attente, moyenne',
  'costs.session.most': 'Attente, la plus longue',
  'costs.session.answered': 'Réponses',
  'costs.session.of': '{answered} sur {awaited}',
  'costs.session.rounds.caption':
    'Total et évaluation : temps à l’horloge. Coordinateur : son temps de calcul dans le protocole.',

  'protections.session':
    'C’était une session sur un réseau : les images de chacun sont restées sur sa machine.',
  'settings.again.session': 'Une session comme celle-ci',
  'provenance.session': 'Session',
  'provenance.coordinator': 'Clé du coordinateur',
  'provenance.data.dealt': '{name}, distribuées ; {test} images de test, {classes} classes',
  'provenance.data.own': 'celles de chacun ; {test} images de test de {name}, {classes} classes',
} as const;
