/** French: opening a session, a simulation or a comparison. Part of fr.ts. */
import type { setupEnglish } from './setup-en.ts';
import type { Message } from '../translate.ts';

export const setupFrench: Readonly<Record<keyof typeof setupEnglish, Message>> = {
  'setup.session': 'Ouvrir une session',
  'setup.session.hint': 'Tout convient déjà à une salle de classe : vous pouvez l’ouvrir tout de suite.',
  'setup.session.open': 'Ouvrir la session',
  'setup.session.note': 'Puis la salle rejoint. Rien ne s’entraîne avant que vous ne lanciez.',
  'setup.starting': 'Ouverture ...',

  // the room
  'setup.room': 'La salle',
  'setup.title': 'Nom',
  'setup.title.hint': 'Ce que voient les participants qui la cherchent.',
  'setup.title.preset': 'Session du {date}',
  'setup.people': 'Personnes attendues',
  'setup.people.hint': 'À peu près, pour l’estimation. Participe qui est là quand vous fermez l’accueil.',
  'setup.rounds': 'Tours',
  'setup.rounds.hint': 'À chaque tour, chacun s’entraîne une fois et une somme est faite.',
  'setup.less': '{label} : un de moins',
  'setup.more': '{label} : un de plus',

  // what is learned
  'setup.learning': 'Ce que la salle apprend',
  'setup.data': 'Images',
  'setup.data.mnist': 'Chiffres MNIST',
  'setup.data.folder': 'Un dossier',
  'setup.data.holds': '{name} : {train} images pour apprendre, {test} pour tester, {classes} classes',
  'setup.samples': 'Quelques-unes des images',
  'setup.sample': 'une image de {name}',
  'setup.folder': 'Dossier sur cette machine',
  'setup.folder.hint': 'Des fichiers IDX, ou un dossier d’images par classe.',
  'setup.folder.example': '/home/ada/images',
  'setup.folder.choose': 'Choisir',
  'setup.owner': 'Les images de qui',
  'setup.owner.dealt': 'Distribuées',
  'setup.owner.dealt.detail':
    'Chaque machine a déjà les mêmes images et en prend sa propre part. Rien n’est envoyé.',
  'setup.owner.own': 'Chacun apporte les siennes',
  'setup.owner.own.detail':
    'Un dossier, ou des chiffres dessinés sur place. Elles restent sur leurs portables ; les vôtres ne servent qu’au test.',
  'setup.model': 'Modèle',
  'setup.model.cnn': 'CNN',
  'setup.model.cnn.detail': 'Trois convolutions. Le plus exact ; le plus gros à envoyer.',
  'setup.model.cnn-two': 'CNN à deux couches',
  'setup.model.cnn-two.detail': 'Une convolution de moins : presque aussi gros, presque aussi bon.',
  'setup.model.cnn-light': 'CNN léger',
  'setup.model.cnn-light.detail': 'Un septième de la taille. Pour portables et réseaux lents.',
  'setup.model.cnn-small': 'Petit CNN',
  'setup.model.cnn-small.detail':
    'Quelques milliers de nombres : de tous les CNN, celui que le bruit gêne le moins.',
  'setup.model.mlp': 'Réseau dense',
  'setup.model.mlp.detail':
    'Sans convolutions. Le plus rapide à entraîner, et celui qui trahit le plus ses images.',
  'setup.model.linear': 'Linéaire',
  'setup.model.linear.detail':
    'Une couche, sans couche cachée. Pour le bruit : apprend le moins, en supporte le plus.',
  'setup.model.file': 'D’un fichier',
  'setup.model.file.detail': 'Celui indiqué sous Autres réglages.',
  'setup.model.statistics':
    'Normalisation par lots : {count} de ses nombres sont des moyennes et des variances des images de chacun. Ils voyagent dans chaque mise à jour, masqués comme le reste, et l’on en fait la moyenne : si les images diffèrent d’une personne à l’autre, elle ne convient à personne, et le modèle lit moins bien. La normalisation par groupes s’en passe.',

  // protections
  'setup.protections': 'Protections',
  'setup.protections.hint': 'à quoi chacune sert, et ce qu’elle coûte',
  'setup.signatures': 'Signatures',
  'setup.signatures.why':
    'Chacun signe chaque message de sa propre clé : personne ne peut parler à la place d’un autre.',
  'setup.signatures.cost':
    'Coûte 256 octets par message, et bien moins d’une milliseconde pour signer ou vérifier.',
  'setup.signatures.always': 'toujours en réseau',
  'setup.masks': 'Masques',
  'setup.masks.why':
    'Les mises à jour quittent les portables sous des masques qui ne s’annulent que dans la somme. Personne n’en lit une seule, pas même cette machine.',
  'setup.masks.cost': 'Coûte un échange de clés et de parts à chaque tour, et assez de monde doit répondre.',
  'setup.masks.cost.known':
    'Coûte un échange de clés et de parts à chaque tour, et {threshold} sur {clients} doivent répondre.',
  'setup.words': 'Quatre mots à comparer',
  'setup.words.why':
    'Ils désignent la liste exacte des personnes. Les mêmes sur chaque écran : personne n’a été remplacé, personne ne s’est glissé entre vous.',
  'setup.words.cost': 'Coûte une minute à la salle, une fois.',
  'setup.words.always': 'toujours dans une session',
  'setup.demonstration': 'Démonstration',
  'setup.demonstration.why':
    'Pour montrer ce que livre une mise à jour : les masques peuvent être coupés. Chaque écran le dit dès lors, et chacun doit l’accepter en rejoignant.',
  'setup.demonstration.cost':
    'Coûte la vie privée de qui participe. Prenez des images que tout le monde peut voir.',
  'setup.demonstration.chip': 'Démonstration',
  'setup.uncovered':
    'Ce que rien de cela ne cache : le modèle fini peut encore livrer ce qu’il a appris. Aucun bruit n’est ajouté. Les attaques montrent combien.',

  // what would come of it
  'setup.summary': 'Ce qui va se passer',
  'setup.summary.all': {
    one: 'Les {count} doivent répondre à chaque tour : personne ne peut partir.',
    other: 'Les {count} doivent répondre à chaque tour : personne ne peut partir.',
  },
  'setup.summary.survives': {
    one: '{threshold} sur {clients} doivent répondre à chaque tour. Un peut partir.',
    other: '{threshold} sur {clients} doivent répondre à chaque tour. {count} peuvent partir.',
  },
  'setup.summary.three': 'À trois, aucun départ n’est supporté. À quatre, un seul peut partir.',
  'setup.summary.few': 'De quatre à six, un départ est supporté. À partir de sept, davantage.',
  'setup.summary.rule':
    'Plus des deux tiers doivent répondre, pour que jamais deux sommes ne puissent être faites et comparées.',
  'setup.summary.about': '≈ {time}',
  'setup.summary.unknown': 'pas encore connu',
  'setup.summary.time.asking': 'par tour : calcul en cours ...',
  'setup.summary.time.unknown':
    'par tour : cette machine ne s’est pas encore entraînée, sa vitesse n’est pas connue',
  'setup.summary.time.session': 'par tour, si les portables vont aussi vite que celui-ci',
  'setup.summary.time.simulation': 'par tour, à la vitesse de cette machine',
  'setup.summary.time.comparison': 'par tour, à la vitesse de cette machine',
  'setup.summary.images': 'Images pour chacun',
  'setup.summary.images.own': 'les siennes',
  'setup.summary.images.range': '{fewest} à {most}',
  'setup.summary.bytes': 'Chacun envoie par tour',
  'setup.summary.parameters': 'Nombres du modèle',
  'setup.summary.engine': 'Moteur ici',

  // more settings
  'setup.advanced': 'Autres réglages',
  'setup.advanced.hint': 'entraînement, distribution, masques en détail : tous ont déjà de bonnes valeurs',
  'setup.all': 'toutes',
  'setup.none': 'aucune',
  'setup.automatic': 'automatique',
  'setup.automatic.number': 'automatique : {number}',
  'setup.group.training': 'L’entraînement sur chaque portable',
  'setup.epochs': 'Passages par tour',
  'setup.epochs.hint': 'Combien de fois chacun parcourt ses images. Plus, c’est plus lent, et on s’éloigne.',
  'setup.batch': 'Taille des lots',
  'setup.batch.hint': 'Images par pas.',
  'setup.rate': 'Taux d’apprentissage',
  'setup.rate.hint': 'La longueur d’un pas.',
  'setup.optimizer': 'Optimiseur',
  'setup.optimizer.hint': 'Comment les gradients deviennent des pas.',
  'setup.momentum': 'Élan',
  'setup.momentum.hint': 'Ce qui reste du pas précédent. SGD seulement.',
  'setup.loss': 'Perte',
  'setup.loss.cross-entropy': 'Entropie croisée',
  'setup.loss.squared-error': 'Carrés',
  'setup.loss.focal': 'Focale',
  'setup.loss.cross-entropy.hint':
    'La surprise devant la bonne réponse : le choix courant, bon pour presque toutes les données.',
  'setup.loss.squared-error.hint':
    'Écart au carré, borné : quelques étiquettes fausses nuisent moins. Plus lent ; SGD veut un taux plus élevé.',
  'setup.loss.focal.hint':
    'Les images déjà bien lues comptent moins : pour des classes rares ou difficiles. Le modèle devient moins sûr de lui.',
  'setup.smoothing': 'Lissage des étiquettes',
  'setup.smoothing.hint':
    'Cette part de chaque étiquette va à toutes les classes : 0,1 évite un modèle trop sûr de lui.',
  'setup.gamma': 'Concentration (γ)',
  'setup.gamma.hint': '0 : l’entropie croisée. Plus haut, les images faciles comptent moins.',
  'setup.prox': 'Rappel vers la salle (μ de FedProx)',
  'setup.prox.hint': '0 : FedAvg simple. Au-dessus, des portables inégaux s’éloignent moins.',
  'setup.model.path': 'Modèle d’un fichier',
  'setup.model.path.hint': 'Le chemin d’un JSON de Keras ou de tf.js. Vide : celui choisi plus haut.',
  'setup.model.path.example': '/home/ada/modele.json',
  'setup.group.dealing': 'La distribution des images',
  'setup.partition': 'Qui reçoit quoi',
  'setup.partition.iid': 'Égal',
  'setup.partition.dirichlet': 'Inégal',
  'setup.partition.shards': 'Peu de classes',
  'setup.partition.iid.hint': 'Chacun reçoit un échantillon fidèle de toutes les classes.',
  'setup.partition.dirichlet.hint':
    'Les uns ont beaucoup d’une classe, les autres presque rien, comme dans la vie.',
  'setup.partition.shards.hint': 'Chacun reçoit quelques blocs d’une seule classe : le cas le plus dur.',
  'setup.partition.dirichlet.number': 'Concentration (α de Dirichlet)',
  'setup.partition.dirichlet.number.hint': 'Plus petit, plus inégal : 0,1 est extrême, 10 presque égal.',
  'setup.partition.shards.number': 'Blocs pour chacun',
  'setup.partition.shards.number.hint': 'À peu près autant de classes que de blocs.',
  'setup.images': 'Images pour chacun',
  'setup.images.hint': 'Moins, c’est plus rapide et moins exact.',
  'setup.group.sum': 'La somme',
  'setup.weights': 'Ce que chacun compte',
  'setup.weights.exact': 'Par images',
  'setup.weights.bucketed': 'En gros',
  'setup.weights.uniform': 'Tous pareil',
  'setup.weights.hint': 'Selon le nombre de ses images ; en gros : arrondi à des puissances de deux.',
  'setup.fraction': 'Part qui s’entraîne à chaque tour',
  'setup.fraction.hint': '1 : tout le monde. En dessous, chacun tire à pile ou face, et nul n’en sait rien.',
  'setup.aggregation': 'Comment toutes en font une',
  'setup.aggregation.mean': 'Moyenne',
  'setup.aggregation.median': 'Médiane',
  'setup.aggregation.trimmed-mean': 'Moyenne tronquée',
  'setup.aggregation.norm-clipping': 'Écrêtage des normes',
  'setup.aggregation.hint':
    'Les masques ne permettent que la moyenne. Les autres regardent chaque mise à jour, et en supportent quelques-unes d’empoisonnées.',
  'setup.server': 'Ce qu’on fait de la moyenne',
  'setup.server.average': 'Ajoutée',
  'setup.server.momentum': 'Avec élan',
  'setup.server.hint': 'Ajoutée telle quelle : FedAvg. Les autres suivent la direction des tours passés.',
  'setup.target': 'S’arrêter à l’exactitude',
  'setup.target.hint': 'Entre 0 et 1. Après le premier tour qui l’atteint.',
  'setup.group.masks': 'Les masques en détail',
  'setup.threshold': 'Combien doivent répondre',
  'setup.threshold.hint': 'Plus des deux tiers. Plus haut : plus strict, et moins de départs supportés.',
  'setup.agreement': 'Accord de clés',
  'setup.agreement.modp14': 'Classique, 2048 bits',
  'setup.agreement.hint':
    'X25519 est rapide ; le groupe classique de Diffie-Hellman est celui des manuels, et lent.',
  'setup.quantisation': 'Nombres',
  'setup.quantisation.on': 'Entiers',
  'setup.quantisation.off': 'Flottants',
  'setup.quantisation.hint':
    'Les masques ne s’annulent exactement que sur des entiers. Chaque résultat donne l’erreur d’arrondi.',
  'setup.graph': 'Qui partage des masques avec qui',
  'setup.graph.auto': 'Automatique',
  'setup.graph.complete': 'Tous avec tous',
  'setup.graph.sparse': 'Voisins',
  'setup.graph.hint': 'Tous avec tous jusqu’à {limit} personnes, voisins sur un cercle au-delà.',
  'setup.tolerate': 'Prévu pour (corrompus / partis, en %)',
  'setup.tolerate.hint': 'Plus des uns ou des autres demande plus de voisins.',
  'setup.group.session': 'Cette session',
  'setup.group.run': 'Cette exécution',
  'setup.deadline': 'Attente la plus longue par phase',
  'setup.deadline.hint': 'Automatique : le temps qu’il faut à la plupart, et un peu plus.',
  'setup.language': 'Langue',
  'setup.language.hint': 'Du rapport.',
  'setup.language.hint.session': 'Des quatre mots et du rapport.',
  'setup.seed': 'Graine',
  'setup.seed.hint':
    'Décide de la distribution, de l’ordre et des arrondis, pour pouvoir les refaire. Jamais d’une clé.',
  'setup.rsa': 'Bits des clés de signature',
  'setup.rsa.hint': 'RSA. 3072 : plus fort et plus lent.',
  'setup.engine': 'Moteur d’entraînement',
  'setup.engine.hint': 'Automatique : le plus rapide ici qui sache entraîner le modèle.',
  'setup.processes': 'Processus d’entraînement',
  'setup.processes.hint': 'Automatique : un par cœur.',

  // what does not work, and the way out
  'setup.problem.title': 'Il lui faut un nom, pour que les participants la trouvent.',
  'setup.problem.whole': 'Il faut un nombre entier de {least} à {most}.',
  'setup.problem.number': 'Il faut un nombre de {least} à {most}.',
  'setup.problem.above': 'Il faut un nombre supérieur à {least}, et au plus {most}.',
  'setup.problem.below': 'Il faut un nombre à partir de {least}, et inférieur à {most}.',
  'setup.problem.partition': 'Il faut un nombre supérieur à 0.',
  'setup.problem.folder': 'Dites quel dossier : tapez ou collez son chemin.',
  'setup.problem.empty': 'Il ne doit pas être vide.',
  'setup.problem.aggregation':
    'Il faut chaque mise à jour, et les masques ne laissent que la somme : seule la moyenne est possible.',
  'setup.problem.aggregation.noise':
    'Le bruit est prévu pour la somme, et une seule mise à jour s’y noie : seule la moyenne est possible.',
  'setup.way.aggregation': 'Prendre la moyenne',
  'setup.problem.quantisation':
    'Les masques s’ajoutent à des entiers : sur des flottants, ils ne s’annuleraient pas.',
  'setup.way.quantisation': 'Prendre des entiers',
  'setup.problem.signatures':
    'En réseau, une liste de personnes sans clés ne nommerait personne. Une simulation peut s’en passer.',
  'setup.way.signatures': 'Activer les signatures',
  'setup.problem.demonstration':
    'Cette machine pourrait lire la mise à jour de chacun : seulement dans une démonstration.',
  'setup.way.demonstration': 'En faire une démonstration',
  'setup.problem.threshold':
    'Il faut de {least} à {most} : avec moins des deux tiers, deux sommes pourraient être faites et comparées.',
  'setup.way.threshold': 'Prendre {least}',
  'setup.problem.sparse': 'Jusqu’à {limit} personnes, un voisinage sûr est presque tout le monde.',
  'setup.problem.complete': 'Au-delà de {limit} personnes, tous avec tous coûte trop.',
  'setup.way.graph': 'Laisser choisir',
  'setup.problem.fraction':
    'À {clients}, il faut 1, ou au moins {share} : {needed} honnêtes doivent s’entraîner en moyenne, pour que personne ne soit seul.',
  'setup.problem.fraction.few': 'À {clients}, il faut 1 : moins pourrait laisser quelqu’un s’entraîner seul.',
  'setup.way.fraction': 'Entraîner tout le monde',
  'setup.problem.images': 'Il faut pour cela {wanted} images, et il y en a {train} : au plus {each} chacun.',
  'setup.way.images': 'En donner {each} à chacun',
  'setup.problem.shards': 'Il faut pour cela {shards} blocs, et il y a {train} images.',
  'setup.problem.momentum': 'Adam a le sien : seul SGD prend un élan.',
  'setup.way.momentum': 'Prendre SGD',
  'setup.problem.drop': 'Une si petite part de {clients}, c’est personne.',
  'setup.problem.drop-at': 'Personne ne disparaît : dites quelle part.',
  'setup.way.drop-at': 'Laisser',
  'setup.notice.threshold':
    'Convient à une salle de {threshold} à {most} personnes : sinon, l’accueil ne peut pas être fermé.',
  'setup.notice.drop':
    '{gone} disparaissent et {left} restent, moins que les {threshold} qui doivent répondre : chaque tour sera abandonné.',

  // what the host finds
  'setup.host.file-not-found': 'Il n’y a pas de tel fichier ou dossier sur cette machine.',
  'setup.host.file-unreadable': 'Illisible. Ce programme a-t-il le droit de l’ouvrir ?',
  'setup.host.dataset-missing': 'Ces images ne sont pas sur cette machine.',
  'setup.host.dataset-altered':
    'Ces images ne sont pas celles qu’elles prétendent être : procurez-les-vous à nouveau.',
  'setup.host.dataset-not-recognised':
    'On n’y trouve pas d’images : il faut des fichiers IDX, ou un dossier d’images par classe.',
  'setup.host.dataset-too-large': 'C’est plus que ce programme ne lit.',
  'setup.host.dataset-empty': 'Il ne contient aucune image.',
  'setup.host.idx': 'Ses fichiers IDX sont abîmés, ou ne vont pas ensemble.',
  'setup.host.image-size': 'Ses images sont de tailles différentes.',
  'setup.host.image-unreadable': 'Une de ses images est illisible.',
  'setup.host.class-mismatch': 'Ses dossiers ne correspondent pas aux classes.',
  'setup.host.class-count': 'Son nombre de classes est {classes}, et doit être de {lowest} à {highest}.',
  'setup.host.class-empty': 'Sa classe « {name} » a {images} images, et il en faut {needed}.',
  'setup.host.partition-impossible':
    'Pour autant de monde il faudrait {wanted} images ou blocs, et il y en a {available}.',
  'setup.host.model-unreadable': 'Ce n’est pas un modèle lisible : il faut le JSON de Keras ou de tf.js.',
  'setup.host.model-refused': 'Une de ses couches ne peut pas s’entraîner ici.',
  'setup.host.model-does-not-fit': 'Il ne va pas avec ces images ou leurs classes.',
};
