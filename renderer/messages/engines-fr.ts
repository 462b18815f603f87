/** French: engines, their speeds, and how many processes train. */
export const enginesFrench = {
  'engine.name.auto': 'Automatique',
  'engine.name.compiled': 'Compilé',
  'engine.name.tensorflow': 'TensorFlow',
  'engine.name.wasm': 'tf.js',
  'engine.asked': '{engine}, comme demandé',
  'engine.only': '{engine}, plus lent que compiled, qui ne sait pas entraîner ce modèle : {reason}',
  'engine.measured': '{engine}, le plus rapide ici : {speeds} images/s',
  'engine.speed': '{engine} {speed}',
  'engine.speed.one-process': 'Images par seconde d’un processus, mesurées sur cette machine : {speeds}',
  'engine.with-processes': '{engine} ; {processes}',
  'engine.processes.asked': {
    one: '{count} processus, comme demandé',
    other: '{count} processus, comme demandé',
  },
  'engine.processes.cores': {
    one: '{count} processus, un par cœur',
    other: '{count} processus, un par cœur',
  },
  'engine.processes.quota': {
    one: '{count} processus, ce programme n’ayant pas droit à plus de temps de calcul',
    other: '{count} processus, ce programme n’ayant pas droit à plus de temps de calcul',
  },
  'engine.processes.memory': {
    one: '{count} processus, car {free} de mémoire sont libres et chacun en prend {each}',
    other: '{count} processus, car {free} de mémoire sont libres et chacun en prend {each}',
  },
  'engine.processes.work': {
    one: '{count} processus, rien de plus ne pouvant se faire en parallèle',
    other: '{count} processus, rien de plus ne pouvant se faire en parallèle',
  },
  'engine.on-battery': '{processes} ; sur batterie',
  'engine.missing':
    'TensorFlow doit d’abord être installé sur cette machine : {command}. Ou choisissez un autre moteur.',
  'engine.missing.here': 'TensorFlow ne fait pas partie de cette installation : choisissez un autre moteur.',
  'engine.session':
    '{engine} sur cette machine, chaque machine a le sien ; s’ils diffèrent, les modèles ne concordent qu’à l’arrondi près, environ un millionième',
  'engine.mixed':
    'chaque machine a le sien ; s’ils diffèrent, les modèles ne concordent qu’à l’arrondi près, environ un millionième',

  // the settings
  'settings.engines.here': 'Sur cette machine',
  'settings.engines.there': 'présent : {variant}',
  'settings.engines.missing': 'pas installé',
  'settings.engines.compiled':
    'Tout le pas d’entraînement dans un module WebAssembly, propre à Masquerade. Rien à installer.',
  'settings.engines.tensorflow':
    'La bibliothèque native de Google : plus de types de couches que compilé, et plus rapide que tf.js.',
  'settings.engines.wasm': 'tf.js en WebAssembly : toutes les couches possibles, lentement.',
  'settings.engines.install':
    'Dans l’arbre des sources, cette commande l’installe : elle télécharge au plus {download} et place au plus {placed} sur le disque. Redémarrez ensuite Masquerade.',
  'settings.engines.unfinished':
    'Une installation est en cours, ou a été interrompue. Si elle n’est pas en cours, la commande enlève ce qui en reste et recommence.',
  'settings.engines.placed': 'Sur le disque : {placed}.',
  'settings.engines.remove': 'Sur le disque : {placed}. Dans l’arbre des sources, cette commande l’enlève.',
  'settings.engines.command': 'Commande',
  'settings.engines.measured': 'Mesuré ici',
  'settings.engines.measured.caption': 'Images par seconde d’un processus, par modèle et taille de lot',
  'settings.engines.measured.none':
    'Rien encore : les moteurs sont mesurés pendant une seconde environ au premier entraînement d’un modèle, une fois pour chacun.',
  'settings.engines.model': 'Modèle',
  'settings.engines.model.batch': '{model}, lots de {batch}',
  'settings.engines.unmeasured': 'pas mesuré',
  'settings.engines.now': 'Mesurer maintenant',
  'settings.engines.again': 'Mesurer à nouveau',
  'settings.engines.measuring': 'Mesure en cours ...',
  'settings.engines.done': 'Mesuré, avec le réseau de référence.',
  'settings.engines.too-busy':
    'Cette machine était trop occupée pour mesurer ses moteurs. Réessayez quand elle aura moins à faire.',
  'settings.engines.mixed':
    'Dans une session, chacun peut avoir un autre moteur. Les modèles de moteurs différents ne concordent qu’à l’arrondi près, environ un millionième.',
} as const;
