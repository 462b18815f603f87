/** French: numbers and people, reports and results, settings. Part of fr.ts, which has the rules. */
export const commonFrench = {
  // numbers and people
  'number-words':
    'Zéro,Un,Deux,Trois,Quatre,Cinq,Six,Sept,Huit,Neuf,Dix,Onze,Douze,Treize,Quatorze,Quinze,Seize,Dix-sept,Dix-huit,Dix-neuf,Vingt',
  points: { one: '{count} point', other: '{count} points' },
  client: 'Client {client}',
  coordinator: 'Coordinateur',
  'named-value': '{name} : {value}',
  on: 'oui',
  off: 'non',
  none: 'aucun',
  'and-more-clients': { one: 'et {count} autre', other: 'et {count} autres' },

  // the report's frame
  'report.comparison': 'Comparaison',
  'report.simulation': 'Simulation',
  'report.title': '{kind}, {dataset}, {date}',
  'report.subtitle': '{dataset}, {model} à {parameters} paramètres',
  'report.theme': 'Couleurs',
  'report.theme.system': 'Système',
  'report.theme.light': 'Clair',
  'report.theme.dark': 'Sombre',
  'report.columns': 'À côté de cette page : {csv} contient une ligne par tour, {json} contient tout.',
  'report.scroll': '{name} : défile latéralement',

  // the finding
  'finding.clients': '{number} clients',
  'finding.equal-share': '{number} clients ayant chacun {share} des données',
  'finding.unequal': '{number} clients aux données inégales',
  'finding.level': '{who} égalent toutes les données réunies.',
  'finding.within': '{who} arrivent à {points} de toutes les données réunies.',
  'finding.ahead': '{who} finissent {points} au-dessus de toutes les données réunies.',
  'finding.behind': '{who} restent {points} au-dessous de toutes les données réunies.',
  'finding.worse-than-alone': '{who} font moins bien ensemble qu’un seul d’entre eux, de {points}.',
  'finding.simulation': '{who} reconnaissent {accuracy} des images de test.',
  'finding.target': {
    one: '{who} atteignent l’objectif de {target} après {count} tour.',
    other: '{who} atteignent l’objectif de {target} après {count} tours.',
  },
  'finding.cancelled': 'Annulé après {done} tours sur {rounds} : {accuracy} des images de test reconnues.',
  'finding.cancelled-early': 'Annulé avant la fin du premier tour : il n’y a pas de résultat fédéré.',
  'finding.aborted':
    'Abandonné au tour {round} sur {rounds} ; jusque-là, {accuracy} des images de test étaient reconnues.',
  'finding.aborted-early': 'Abandonné au premier tour : il n’y a pas de résultat fédéré.',
  'finding.alone': 'Un client seul, avec {examples} images, en reconnaît {accuracy}.',
  'finding.centralised': 'Toutes les données réunies en reconnaissent {accuracy}.',
  'finding.majority': 'Répondre toujours la classe la plus fréquente en reconnaîtrait {accuracy}.',
  'finding.masked-and-signed':
    'Chaque mise à jour était masquée et signée : le coordinateur n’a pu lire que les sommes.',
  'finding.masked-only': 'Chaque mise à jour était masquée, aucune n’était signée.',
  'finding.signed-only': 'Chaque mise à jour était signée, aucune n’était masquée.',
  'finding.left': {
    one: 'Des clients sont partis {count} fois en tout.',
    other: 'Des clients sont partis {count} fois en tout.',
  },
  'finding.exact': 'Chaque somme démasquée est celle des mises à jour, au bit près.',
  'finding.exact-despite':
    'Chaque somme démasquée est celle des mises à jour de ceux qui sont restés, au bit près.',
  'finding.not-exact': {
    one: 'Dans {count} tour, la somme démasquée n’est pas celle des mises à jour : cela ne doit pas arriver.',
    other:
      'Dans {count} tours, la somme démasquée n’est pas celle des mises à jour : cela ne doit pas arriver.',
  },

  // banners
  'banner.partial': 'Ce résultat est partiel.',
  'banner.partial.cancelled':
    'Une personne a arrêté l’exécution. Les chiffres sont ceux des tours terminés ; ils ne montrent pas où mènent les réglages ci-dessous.',
  'banner.partial.aborted':
    'Le protocole a mis fin à l’exécution par « {code} ». Les chiffres sont ceux des tours précédents.',
  'banner.empty': 'Aucun tour n’est terminé.',
  'banner.empty.cancelled':
    'Une personne a arrêté l’exécution pendant le premier : il n’y a rien à en montrer.',
  'banner.empty.aborted':
    'Le protocole a mis fin à l’exécution par « {code} » pendant le premier : il n’y a rien à en montrer.',
  'banner.no-masks': 'Les masques étaient désactivés.',
  'banner.no-masks.text':
    'Le coordinateur pouvait lire la vraie mise à jour de chaque client. Cette exécution montre l’apprentissage, pas la protection.',
  'banner.no-signatures': 'Les signatures étaient désactivées.',
  'banner.no-signatures.text': 'Un message modifié, rejoué ou inventé aurait été accepté.',
  'banner.not-exact': 'Les sommes ne sont pas exactes.',
  'banner.not-exact.text':
    'Aux tours {rounds}, la somme démasquée n’est pas la somme des mises à jour. N’utilisez pas ce modèle ; merci de le signaler avec le fichier JSON.',
  'banner.clipped': 'Des mises à jour ont été écrêtées.',
  'banner.clipped.text':
    'Aux tours {rounds}, plus d’une valeur sur 10 000 dépassait la borne {bound} et y a été ramenée : les bornes d’erreur ci-dessous ne couvrent pas cela.',

  // results
  'results.heading': 'Résultats',
  'results.caption': 'Exactitude et F1 pondéré sur les {test} images de test.',
  'results.caption.reference': 'Losanges vides : valeurs de référence de cette expérience.',
  'results.trained-on': 'Entraîné sur',
  'results.images': 'Images',
  'results.accuracy': 'Exactitude',
  'results.f1': 'F1 pondéré',
  'results.axis': '{from} à {to}',
  'results.time': 'Temps',
  'results.reference': 'référence {value}',
  'results.centralised': 'Toutes les données réunies',
  'results.centralised.detail': { one: 'Centralisé, {count} époque', other: 'Centralisé, {count} époques' },
  'results.single-client': 'Un client seul',
  'results.single-client.detail': {
    one: 'Un seul client, {share}, {count} époque',
    other: 'Un seul client, {share}, {count} époques',
  },
  'results.federated': 'Les clients ensemble',
  'results.federated.masked-and-signed': 'Ensemble, masqué et signé',
  'results.federated.masked-only': 'Ensemble, masqué',
  'results.federated.signed-only': 'Ensemble, seulement signé',
  'results.federated.detail': {
    one: 'Fédéré, {clients} clients, {count} tour',
    other: 'Fédéré, {clients} clients, {count} tours',
  },
  'results.majority': 'Toujours la classe la plus fréquente',
  'results.majority.detail': 'Sans apprentissage : ce que donne le hasard',

  // curves
  'curves.heading': 'Comment ils y sont arrivés',
  'curves.heading.simulation': 'Comment il y est arrivé',
  'curves.accuracy': 'Exactitude',
  'curves.f1': 'F1 pondéré',
  'curves.loss': 'Perte',
  'curves.accuracy.caption': 'Part des images de test reconnues',
  'curves.f1.caption': 'F1 de chaque classe, pondéré par sa taille',
  'curves.loss.caption': 'Entropie croisée moyenne sur les images de test',
  'curves.loss.caption.other':
    'Entropie croisée moyenne sur les images de test ; entraînement avec une autre perte : {loss}',
  'curves.axis': 'tour, ou époque',
  'curves.axis.round': 'tour',
  'curves.centralised': 'réunies',
  'curves.single-client': 'un client',
  'curves.federated': 'ensemble',
  'curves.alt': '{metric} par {axis}. {series}',
  'curves.alt.series': '{name} : de {first} à {last}.',
  'curves.table': 'Les courbes en chiffres',
  'curves.round': 'Tour',
  'curves.epoch-or-round': 'Tour ou époque',

  // confusion
  'confusion.heading': 'Quelles classes sont confondues',
  'confusion.caption':
    'Erreurs du dernier tour sur les images de test : en ligne la vraie classe, en colonne la réponse. Plus la teinte est marquée, plus il y en a ; les points sont les bonnes réponses.',
  'confusion.alt': {
    one: 'Matrice de confusion : {count} erreur ; la plus fréquente : {largest}.',
    other: 'Matrice de confusion : {count} erreurs ; la plus fréquente : {largest}.',
  },
  'confusion.alt.none': 'Matrice de confusion : aucune erreur.',
  'confusion.true': 'vraie',
  'confusion.read': 'lue comme',
  'confusion.too-large':
    'Avec {classes} classes, la matrice est trop grande pour une image ; elle est dans le fichier JSON.',
  'confusion.largest': 'Erreurs les plus fréquentes',
  'confusion.largest.item': '{true} lu comme {predicted}',
  'confusion.largest.count': '{errors} sur {total}',
  'confusion.no-errors': 'Aucune image de test n’a été mal lue.',
  'confusion.classes': 'Toutes les classes',
  'confusion.class': 'Classe',
  'confusion.images': 'Images',
  'confusion.recall': 'Rappel',
  'confusion.precision': 'Précision',
  'confusion.f1': 'F1',
  'confusion.classes.caption':
    'Rappel : part des images de la classe qui sont reconnues. Précision : part des réponses de cette classe qui sont justes.',

  // rounds
  'rounds.heading': 'Ce qui s’est passé à chaque tour',
  'rounds.caption':
    'Combien des {clients} clients ont répondu à chaque phase ; il en faut {threshold}. La somme est comparée à celle des mises à jour, élément par élément, ce que seule une simulation peut faire.',
  'rounds.caption.sparse':
    'Combien des {clients} clients ont répondu à chaque phase ; il en faut {threshold}, et {neighbourThreshold} des {neighbours} voisins de chacun. La somme est comparée à celle des mises à jour, élément par élément, ce que seule une simulation peut faire.',
  'rounds.round': 'Tour',
  'rounds.attempts': 'Essais',
  'rounds.advertised': 'Clés',
  'rounds.shared': 'Parts',
  'rounds.masked': 'Masqués',
  'rounds.masked.off': 'Envoyés',
  'rounds.unmasked': 'Révélés',
  'rounds.dropped': 'Partis',
  'rounds.refused': 'Refusés',
  'rounds.sum': 'Somme',
  'rounds.sum.exact': 'exacte',
  'rounds.sum.different': 'diffère',
  'rounds.sum.unchecked': 'non quantifiée',
  'rounds.error': 'Plus grande erreur',
  'rounds.bound': 'Borne prouvée',
  'rounds.clipped': 'Écrêté',
  'rounds.error.caption':
    'Plus grande erreur : le plus grand écart entre un poids de la moyenne et celui de la moyenne sans quantification. Quantifié sur {bits} bits, le pas vaut {step}.',
  'rounds.error.caption.off':
    'Sans quantification, la somme est celle de nombres à virgule flottante : elle n’a pas de valeur exacte à laquelle la comparer.',
  'rounds.more': {
    one: '{count} tour de plus est dans le fichier CSV.',
    other: '{count} tours de plus sont dans le fichier CSV.',
  },

  // costs
  'costs.heading': 'Temps et trafic',
  'costs.caption':
    'Moyenne d’un tour. Temps de processeur d’un client et du coordinateur, sans l’entraînement ; octets qu’un client envoie et reçoit, tout compris.',
  'costs.phase': 'Phase',
  'costs.client': 'Temps, un client',
  'costs.coordinator': 'Temps, le coordinateur',
  'costs.sent': 'Envoyé, un client',
  'costs.received': 'Reçu, un client',
  'costs.total': 'Un tour',
  'costs.traffic':
    'En un tour, un client envoie {ratio} fois le modèle en flottants de 32 bits ({model}), et en reçoit {down} fois.',
  'costs.time':
    'En un tour, les clients s’entraînent pendant {train} ; le protocole coûte {client} à chacun et {coordinator} au coordinateur.',
  'costs.share': 'Les pas d’entraînement ont rempli {share} de cœurs × temps.',
  'costs.rounds': 'Temps et trafic de chaque tour',
  'costs.rounds.caption':
    'Entraînement, évaluation et total : temps à l’horloge. Client et coordinateur : temps de processeur dans le protocole.',
  'costs.train': 'Entraînement',
  'costs.evaluate': 'Évaluation',
  'costs.all': 'Total',
  'costs.up': 'Envoyé, moyenne',
  'costs.up.max': 'Envoyé, maximum',
  'costs.down': 'Reçu, moyenne',
  'costs.down.max': 'Reçu, maximum',

  // phases of the protocol
  'phase.advertise-keys': 'Annonce des clés',
  'phase.share-keys': 'Partage des clés',
  'phase.train': 'Entraînement',
  'phase.masked-input': 'Envoi masqué',
  'phase.statement': 'Déclaration',
  'phase.unmask': 'Démasquage',
  'phase.aggregate': 'Agrégation',
  'phase.evaluate': 'Évaluation',

  // events
  'events.heading': 'Qui est parti, ce qui a été reconstitué, ce qui a été refusé',
  'events.quiet': 'À chaque tour tout le monde a répondu, et rien n’a été refusé.',
  'events.quiet-rounds': {
    one: 'Au tour {rounds}, tout le monde a répondu, et rien n’a été refusé.',
    other: 'Aux tours {rounds}, tout le monde a répondu, et rien n’a été refusé.',
  },
  'events.round': 'Tour {round}',
  'events.dropped': { one: '{count} client est parti', other: '{count} clients sont partis' },
  'events.recovered': {
    one: 'les masques de {count} ont été reconstitués à partir des parts',
    other: 'les masques de {count} ont été reconstitués à partir des parts',
  },
  'events.refused': { one: '{count} message a été refusé', other: '{count} messages ont été refusés' },
  'events.retried': { one: '{count} nouvel essai', other: '{count} nouveaux essais' },
  'events.aborted': { one: 'un essai a été abandonné', other: '{count} essais ont été abandonnés' },
  'events.share-missing': {
    one: '{count} part n’a pas pu être ouverte par son détenteur',
    other: '{count} parts n’ont pas pu être ouvertes par leurs détenteurs',
  },
  'events.replaced': {
    one: '{count} processus de calcul est mort et a été remplacé',
    other: '{count} processus de calcul sont morts et ont été remplacés',
  },
  'events.joint': '{first} ; {second}',
  'events.who': 'Partis : {clients}.',
  'events.list': { one: '{count} événement', other: '{count} événements' },
  'events.more': {
    one: 'et {count} de plus dans le fichier JSON',
    other: 'et {count} de plus dans le fichier JSON',
  },
  'events.more-rounds': {
    one: 'Il s’est passé quelque chose dans {count} tour de plus : voir le fichier JSON.',
    other: 'Il s’est passé quelque chose dans {count} tours de plus : voir le fichier JSON.',
  },
  'events.column.who': 'Qui',
  'events.column.what': 'Quoi',
  'events.column.phase': 'Phase',
  'events.column.detail': 'Détail',
  'event.dropped': 'parti',
  'event.recovered': 'masques reconstitués à partir des parts',
  'event.refused': 'message refusé',
  'event.retried': 'nouvel essai',
  'event.aborted': 'essai abandonné',
  'event.share-missing': 'n’a pas pu ouvrir une part',
  'event.process-replaced': 'processus de calcul remplacé',

  // protections
  'protections.heading': 'Ce que les protections font, et ne font pas',
  'protections.do.masked-and-signed':
    'Le coordinateur ne voit que la somme des mises à jour{even}, et un message modifié, rejoué ou inventé est refusé.',
  'protections.do.masked-only':
    'Le coordinateur ne voit que la somme des mises à jour{even}, tant qu’il suit le protocole : sans signatures il pourrait se faire passer pour n’importe quel client.',
  'protections.do.signed-only':
    'Un message modifié, rejoué ou inventé est refusé, mais le coordinateur lit chaque vraie mise à jour.',
  'protections.do.none':
    'Rien n’est protégé : le coordinateur lit chaque vraie mise à jour, et n’importe qui entre les deux pourrait la modifier.',
  'protections.even': {
    one: ', même de mèche avec {count} client',
    other: ', même de mèche avec {count} des clients',
  },
  'protections.even.share': ', même de mèche avec jusqu’à {share} des clients',
  'protections.not':
    'Elles ne cachent pas ce que les sommes et le modèle entraîné trahissent eux-mêmes, elles n’empêchent pas un client d’envoyer une mise à jour nuisible qu’il signe lui-même, et elles ne servent à rien sur une machine que quelqu’un d’autre contrôle.',
  'protections.simulation':
    'C’était une simulation : toutes les parties tournaient sur une seule machine, qui pouvait tout lire.',

  // settings
  'settings.heading': 'Réglages',
  'settings.caption': 'Marqué d’un losange : diffère de la valeur par défaut.',
  'settings.caption.all-default': 'Tous ont leur valeur par défaut.',
  'settings.default': 'par défaut {value}',
  'settings.automatic': 'automatique',
  'settings.again': 'La même exécution, à nouveau',
  'setting.clients': 'Clients',
  'setting.rounds': 'Tours',
  'setting.dataset': 'Données',
  'setting.partition': 'Répartition',
  'setting.epochs': 'Époques locales',
  'setting.batch': 'Taille des lots',
  'setting.learningRate': 'Taux d’apprentissage',
  'setting.model': 'Modèle',
  'setting.seed': 'Graine',
  'setting.threshold': 'Seuil',
  'setting.masks': 'Masques',
  'setting.signatures': 'Signatures',
  'setting.quantisation': 'Quantification',
  'setting.keyAgreement': 'Accord de clés',
  'setting.graph': 'Graphe des masques',
  'setting.drop': 'Part qui quitte un tour',
  'setting.dropAt': 'Départ à la phase',
  'setting.examplesPerClient': 'Images par client',
  'setting.weights': 'Poids de la moyenne',
  'setting.fraction': 'Fraction des clients',
  'setting.optimizer': 'Optimiseur du client',
  'setting.momentum': 'Moment',
  'setting.prox': 'Terme FedProx',
  'setting.loss': 'Perte',
  'setting.labelSmoothing': 'Lissage des étiquettes',
  'setting.focalGamma': 'Gamma focal',
  'setting.serverOptimizer': 'Optimiseur du serveur',
  'setting.aggregation': 'Règle d’agrégation',
  'setting.target': 'Exactitude visée',
  'setting.tolerate': 'Corrompus / partants, %',
  'setting.engine': 'Moteur',
  'setting.rsaBits': 'Clé RSA, bits',
  'setting.language': 'Langue',
  'setting.processes': 'Processus de calcul',

  // losses that clients train with, within a sentence
  'loss.cross-entropy': 'entropie croisée, étiquettes lissées à {smoothing}',
  'loss.squared-error': 'erreur quadratique',
  'loss.focal': 'focale, γ {gamma}',

  // provenance
  'provenance.heading': 'D’où cela vient',
  'provenance.started': 'Commencé',
  'provenance.took': 'Durée',
  'provenance.masquerade': 'Masquerade',
  'provenance.node': 'Node',
  'provenance.platform': 'Système',
  'provenance.processor': 'Processeur',
  'provenance.processor.cores': { one: '{processor}, {count} cœur', other: '{processor}, {count} cœurs' },
  'provenance.engine': 'Moteur',
  'provenance.engine.value': {
    one: '{engine}, {variant}, {count} processus',
    other: '{engine}, {variant}, {count} processus',
  },
  'provenance.data': 'Données',
  'provenance.data.value': '{name} : {train} images d’entraînement, {test} de test, {classes} classes',
  'provenance.data.digest': 'Données, SHA-256',
  'provenance.architecture': 'Architecture, SHA-256',
  'provenance.model': 'Modèle entraîné, SHA-256',
  'provenance.model.none': 'aucun tour terminé',
  'provenance.graph': 'Graphe des masques',
  'provenance.graph.complete': 'complet, seuil {threshold}',
  'provenance.graph.sparse':
    'clairsemé, {neighbours} voisins, {neighbourThreshold} nécessaires ; {threshold} clients en tout',
  'provenance.quantisation': 'Quantification',
  'provenance.quantisation.value': '{bits} bits, écrêté à {clip}',
  'provenance.mnist': 'MNIST : Yann LeCun et Corinna Cortes, licence CC BY-SA 3.0.',
  'provenance.fonts':
    'Caractères : Piazzolla, Source Sans 3, Atkinson Hyperlegible Mono (SIL Open Font License).',
};
