/** French: texts of the attack dishonest-coordinator. Part of attacks/fr.ts. */
import type { Message } from '../translate.ts';
import type { dishonestCoordinatorEnglish } from './dishonest-coordinator-en.ts';

export const dishonestCoordinatorFrench: Readonly<Record<keyof typeof dishonestCoordinatorEnglish, Message>> =
  {
    'attack.dishonest-coordinator.title': 'Un coordinateur malhonnête',
    'attack.dishonest-coordinator.question': 'Et si le coordinateur vous envoyait un autre modèle ?',
    'attack.dishonest-coordinator.method':
      'Un modèle fait pour fuir, ou un autre modèle pour une seule personne',

    // the attacker
    'attack.dishonest-coordinator.attacker': 'un coordinateur qui ment sur le modèle',
    'attack.dishonest-coordinator.sees.masked':
      'la somme exacte des mises à jour masquées, et le modèle qu’il a choisi',
    'attack.dishonest-coordinator.sees.plain': 'chaque vraie mise à jour, et le modèle qu’il a choisi',
    'attack.dishonest-coordinator.sees.noise':
      'la somme exacte des mises à jour masquées, chacune bruitée à {noise} norme d’écrêtage, et le modèle qu’il a choisi',
    'attack.dishonest-coordinator.may.imprint':
      'envoyer un modèle avec une couche dont personne n’est convenu',
    'attack.dishonest-coordinator.may.inconsistency':
      'envoyer à une personne un autre modèle qu’à toutes les autres',
    'attack.dishonest-coordinator.may.weights': 'régler à sa guise les poids du modèle convenu',
    'attack.dishonest-coordinator.target.sum':
      'la somme des mises à jour de {clients} clients, {batch} images chacun, un pas de SGD',
    'attack.dishonest-coordinator.target.victim':
      'un client sur {clients}, derrière la somme de tous : {batch} images, un pas de SGD',

    // verdicts
    'attack.dishonest-coordinator.leaks.imprint':
      'Oui. {came} images sur {count} sont revenues d’une somme masquée exacte.',
    'attack.dishonest-coordinator.leaks.inconsistency':
      'Oui. Tous les masques s’annulent, et la somme est la mise à jour d’une seule personne : {came} images sur {count} sont revenues.',
    'attack.dishonest-coordinator.leaks.weights':
      'Oui. Le modèle convenu, avec d’autres poids, passe tous les contrôles : {came} images sur {count} sont revenues.',
    'attack.dishonest-coordinator.partly': 'En partie. {came} images sur {count} sont revenues.',
    'attack.dishonest-coordinator.refused.imprint': {
      one: 'Non. Le seul client refuse une couche dont on n’est pas convenu.',
      other: 'Non. Les {count} clients refusent une couche dont on n’est pas convenu.',
    },
    'attack.dishonest-coordinator.refused.inconsistency': {
      one: 'Non. {count} client refuse un modèle qui n’est pas celui de tous.',
      other: 'Non. {count} clients refusent un modèle qui n’est pas celui de tous.',
    },
    'attack.dishonest-coordinator.stopped': 'Non. Cette attaque n’a rien trouvé ici ; une autre le peut.',
    'attack.dishonest-coordinator.stopped.noise':
      'Cette attaque s’arrête : il y a du bruit dans la somme. Vous n’êtes pas protégé.',
    'attack.dishonest-coordinator.stopped.bound':
      'Cette attaque s’arrête, et une borne vaut pour toutes les autres.',

    // evidence
    'attack.dishonest-coordinator.evidence':
      '{came} retrouvées sur {count}, {untouched} depuis la somme d’un modèle honnête ; similarité médiane : {psnr}. Le mieux sans attaque, {name} : {value}.',
    'attack.dishonest-coordinator.evidence.imprint':
      'Une couche inscrite au plan dès le début est convenue, et rien ne la refuse : il faut lire le plan.',
    'attack.dishonest-coordinator.evidence.inconsistency':
      '{share} des nombres de la première couche, dans la somme, sont ceux de cette personne, au bit près.',
    'attack.dishonest-coordinator.evidence.weights':
      'Quels poids l’entraînement aurait donnés, personne ne peut le savoir sans avoir vu chaque mise à jour. Restent une grande foule, et le bruit.',
    'attack.dishonest-coordinator.evidence.refused':
      'Chacun tient l’architecture du plan ; avec les poids, elle donne une empreinte dont dépendent chaque clé, chaque part et chaque déclaration. Refusé par {code}. D’autres poids dans l’architecture convenue passeraient.',
    'attack.dishonest-coordinator.short': '{came} retrouvées sur {count}',
    'attack.dishonest-coordinator.short.refused': 'refusé par {count} clients',

    // names
    'attack.dishonest-coordinator.switch.imprint': 'Une couche de plus',
    'attack.dishonest-coordinator.switch.imprint-checked': 'Une couche de plus, contrôlée',
    'attack.dishonest-coordinator.switch.inconsistency': 'Modèles différents',
    'attack.dishonest-coordinator.switch.inconsistency-checked': 'Modèles différents, contrôlés',
    'attack.dishonest-coordinator.switch.weights-checked': 'Autres poids, contrôlés',
    'attack.dishonest-coordinator.switch.weights-noise': 'Autres poids, bruit 0,03',
    'attack.dishonest-coordinator.setting.variant': 'Ce qu’il envoie',
    'attack.dishonest-coordinator.setting.variant.imprint': 'Une couche de plus',
    'attack.dishonest-coordinator.setting.variant.inconsistency': 'Modèles différents',
    'attack.dishonest-coordinator.setting.variant.weights': 'Autres poids',
    'attack.dishonest-coordinator.setting.checked': 'Les clients contrôlent, comme les vrais',
    'attack.dishonest-coordinator.setting.clients': 'Clients dans la somme',
    'attack.dishonest-coordinator.setting.batch': 'Images de chaque client',
    'attack.dishonest-coordinator.setting.bins': 'Unités de la couche',
    'attack.dishonest-coordinator.stage.identities': 'Chacun fabrique une clé',
    'attack.dishonest-coordinator.stage.tries': 'Ce que disent de vrais clients',
    'attack.dishonest-coordinator.stage.round': 'Un tour du vrai protocole',
    'attack.dishonest-coordinator.image.randomNoise': 'Attaque sur du bruit',
    'attack.dishonest-coordinator.column.name': 'Tentative',
    'attack.dishonest-coordinator.column.outcome': 'Issue',
    'attack.dishonest-coordinator.column.reason': 'Pourquoi',
    'attack.dishonest-coordinator.column.refusers': 'Clients qui refusent',
    'attack.dishonest-coordinator.column.code': 'Code',
    'attack.dishonest-coordinator.column.phase': 'Phase',
    'attack.dishonest-coordinator.row.unchecked': 'Les clients prennent ce qui vient',
    'attack.dishonest-coordinator.row.trap-weights': 'Le modèle convenu, d’autres poids',
    'attack.dishonest-coordinator.row.layer-added': 'Le modèle plus grand, tel quel',
    'attack.dishonest-coordinator.row.layer-disguised': 'Son empreinte, sur autant de poids que convenu',
    'attack.dishonest-coordinator.row.layer-planned': 'Ses paramètres, dans l’annonce',
    'attack.dishonest-coordinator.row.one-hash': 'Une empreinte, deux modèles',
    'attack.dishonest-coordinator.row.hash-each': 'Une empreinte pour chaque modèle',
    'attack.dishonest-coordinator.row.kept-apart': 'La victime tenue à l’écart des autres',
    'attack.dishonest-coordinator.cell.accepted': 'accepté',
    'attack.dishonest-coordinator.cell.advertise-keys': 'clés',
    'attack.dishonest-coordinator.cell.share-keys': 'parts des clés',
    'attack.dishonest-coordinator.cell.why-too-large': 'plus grand que le modèle convenu ne peut l’être',
    'attack.dishonest-coordinator.cell.why-model-malformed': 'un autre nombre de poids que convenu',
    'attack.dishonest-coordinator.cell.why-model-differs': 'les poids n’ont pas l’empreinte annoncée',
    'attack.dishonest-coordinator.cell.why-parameters-differ': 'ce ne sont pas les paramètres convenus',
    'attack.dishonest-coordinator.cell.why-context-differs':
      'les clés des autres sont faites pour un autre modèle',
    'attack.dishonest-coordinator.cell.why-below-threshold': 'trop peu restent pour une somme',

    'attack.dishonest-coordinator.notes':
      'Les masques n’ont rien : tous s’annulent, et la somme est exacte. C’est le modèle qui ment. D’abord une couche qui note chaque image ; puis un modèle mort pour tous sauf un. Activez le contrôle : architecture et poids ont une seule empreinte, et les clés de chacun en dépendent. Puis soyez honnête : personne ne peut contrôler les poids eux-mêmes.',
  };
