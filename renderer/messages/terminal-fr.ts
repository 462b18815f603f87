/** French: what the command line prints beside its results' numbers. Part of fr.ts, which has the rules. */
export const terminalFrench = {
  // before training
  'terminal.data': 'Données',
  'terminal.data.value': '{name} : {train} images d’entraînement et {test} de test, {height} x {width}',
  'terminal.model': 'Modèle',
  'terminal.model.value': '{name} : {parameters} paramètres',
  'terminal.model.statistics':
    '{count} d’entre eux sont des moyennes et des variances des données de chaque client (normalisation par lots) : ils font partie de chaque mise à jour et se contredisent quand les données diffèrent ; GroupNormalization s’en passe',
  'terminal.unprotected':
    'Les clés de cette machine ne sont protégées que par les permissions des fichiers : {path} les ouvre. Pour une phrase de passe : masquerade identity change-passphrase --new-passphrase-file FICHIER',
  'terminal.loss': 'Perte',
  'terminal.loss.value': '{loss} ; les images de test restent jugées par l’entropie croisée',
  'terminal.engine': 'Moteur',
  'terminal.keys': 'Clés',
  'terminal.keys.value': '{identities} identités RSA créées',
  'terminal.identities': 'Identités RSA',
  'terminal.words': 'Mots',
  'terminal.words.value': '{words} (dans une salle, chacun les compare)',

  // while it trains
  'terminal.round-of': 'Tour {round} sur {rounds}',
  'terminal.centralised': 'centralisé',
  'terminal.single-client': 'un client seul',
  'terminal.speed': '{speed} images/s',
  'terminal.time-left': 'encore {time}',
  'terminal.replaced': 'Un processus de calcul est mort ({reason}) ; un autre refait son travail.',
  'terminal.cancelled-early': 'Annulé avant la fin du premier tour : il n’y a aucun résultat à garder.',

  // a finished round
  'terminal.round': 'Tour {round}',
  'terminal.round-attempts': 'Tour {round} ({attempts} essais)',
  'terminal.step.keys': 'clés',
  'terminal.keys.text': '{clients} clients ont annoncé deux nouvelles clés, {time} chacun',
  'terminal.step.shares': 'parts',
  'terminal.shares.text': '{clients} ont réparti leurs secrets en parts scellées, {time} chacun',
  'terminal.step.training': 'entraînement',
  'terminal.training.text': '{images} images, {time}',
  'terminal.step.vectors': 'vecteurs',
  'terminal.vectors.text': '{clients} envoyés et vérifiés, {bytes} par client, {time} chacun',
  'terminal.step.unmask': 'démasquage',
  'terminal.unmask.text': '{clients} ont signé la liste des présents et révélé des parts ; {sum}',
  'terminal.sum.exact': 'la somme est exacte, élément par élément',
  'terminal.sum.different': 'LA SOMME DIFFÈRE de celle des vecteurs envoyés',
  'terminal.sum.floats': 'sommes de nombres flottants',
  'terminal.step.left': 'partis',
  'terminal.left.text': { one: '{count} client : {clients}', other: '{count} clients : {clients}' },
  'terminal.step.refused': 'refusé',
  'terminal.refused.client': 'client {client}, phase {phase} : {reason}',
  'terminal.refused.coordinator': 'coordinateur, phase {phase} : {reason}',
  'terminal.step.model': 'modèle',
  'terminal.model.text': 'exactitude {accuracy}, F1 {f1}, perte {loss}',
  'terminal.step.time': 'temps',
  'terminal.time.text': '{time} ; protocole : {client} par client, {coordinator} pour le coordinateur',

  // the result
  'terminal.rounds': { one: '{count} tour en {time}', other: '{count} tours en {time}' },
  'terminal.rounds.partial': {
    one: '{count} tour sur {rounds} en {time}',
    other: '{count} tours sur {rounds} en {time}',
  },
  'terminal.ended': '{rounds}, arrêt : {reason}',
  'terminal.aborted':
    'Tour {round}, essai {attempt}, phase {phase} : {got} clients ont répondu, il en faut {needed}.',
  'terminal.ended.target': 'objectif atteint',
  'terminal.ended.cancelled': 'annulé',
  'terminal.in-all': 'En tout {time}. Modèle {digest}, entraîné par {engine}',
  'terminal.report': 'Rapport',

  // data sets
  'terminal.dataset.not-installed': 'pas installé : lancez npm start une fois',
  'terminal.dataset.usable': '{source} peut être utilisé. Empreinte {digest}.',
  'terminal.dataset.images': '{name} : {train} images d’entraînement, {test} images de test',
  'terminal.dataset.held-out': '{images} (prélevées dans le dossier, qui n’en contient pas)',
  'terminal.dataset.shape': '{height} x {width} pixels, {colour}, {classes} classes',
  'terminal.dataset.grey': 'niveaux de gris',
  'terminal.dataset.colour': 'couleur',
  'terminal.dataset.class': 'classe',
  'terminal.dataset.training': 'entraînement',
  'terminal.dataset.test': 'test',
  'terminal.dataset.digest': 'Empreinte {digest}',
} as const;
