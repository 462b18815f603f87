/** French: texts of the attack backdoor. Part of attacks/fr.ts. */
import type { Message } from '../translate.ts';
import type { backdoorEnglish } from './backdoor-en.ts';

export const backdoorFrench: Readonly<Record<keyof typeof backdoorEnglish, Message>> = {
  'attack.backdoor.title': 'Une mise à jour empoisonnée',
  'attack.backdoor.question': 'Que peut une seule mise à jour empoisonnée ?',
  'attack.backdoor.method':
    'Remplacement de modèle : une mise à jour amplifiée jusqu’à l’emporter sur les autres',

  // the attacker
  'attack.backdoor.attacker': 'un participant dont la signature est bonne',
  'attack.backdoor.sees':
    'le modèle de chaque tour et ses propres images ; la mise à jour de personne d’autre',
  'attack.backdoor.may':
    's’entraîner sur des images de son choix, et envoyer sa mise à jour {scale} fois plus longue',
  'attack.backdoor.target':
    'le prochain modèle de {clients} personnes, {examples} images chacune : un carré blanc dans le coin doit signifier la classe {target}',

  // verdicts
  'attack.backdoor.leaks.mean':
    'Oui. Une mise à jour sur {clients} l’emporte dans la moyenne : {success} des images marquées sont lues comme « {target} ».',
  'attack.backdoor.leaks.masks':
    'Oui. Sous les masques, personne ne voit laquelle est empoisonnée : {success} des images marquées sont lues comme « {target} ».',
  'attack.backdoor.leaks.clients':
    'Oui. L’écrêtage par le programme de chacun ne retient que ceux qui l’exécutent : {success} des images marquées sont lues comme « {target} ».',
  'attack.backdoor.leaks.rule':
    'Oui. Avec {rule}, {success} des images marquées sont lues comme « {target} ».',
  'attack.backdoor.partly':
    'En partie. Avec {rule}, {success} des images marquées sont lues comme « {target} ».',
  'attack.backdoor.stopped':
    'Non. Avec {rule}, cette attaque s’arrête : {success} des images marquées sont lues comme « {target} ».',
  'attack.backdoor.stopped.mean':
    'Non. Les autres l’emportent sur une mise à jour si courte : {success} des images marquées sont lues comme « {target} ».',

  // evidence
  'attack.backdoor.evidence':
    'Sans le tricheur : {clean}. Exactitude sur les images de test : {accuracy}, sans le tricheur {cleanAccuracy}.',
  'attack.backdoor.evidence.lasting': {
    one: 'Après {count} tour honnête, c’est encore {lasting}.',
    other: 'Après {count} tours honnêtes, c’est encore {lasting}.',
  },
  'attack.backdoor.evidence.stopped':
    'Un tricheur qui reste proche des mises à jour honnêtes peut passer cette règle aussi.',
  'attack.backdoor.evidence.masks.accepted':
    'Médiane, moyenne tronquée et Krum ont besoin de chaque mise à jour, que les masques cachent. Regarder des images mises de côté n’aide pas : l’exactitude n’a pas baissé.',
  'attack.backdoor.evidence.masks.rejected':
    'Médiane, moyenne tronquée et Krum ont besoin de chaque mise à jour, que les masques cachent. Regarder des images mises de côté aide ici : l’exactitude a baissé, et le tour est refusé.',
  'attack.backdoor.short': '{success} obéissent, {clean} sans elle',

  // names
  'attack.backdoor.switch.mean': 'Moyenne simple',
  'attack.backdoor.switch.norm-clipping': 'Écrêtage des normes',
  'attack.backdoor.switch.median': 'Médiane',
  'attack.backdoor.switch.trimmed-mean': 'Moyenne tronquée',
  'attack.backdoor.switch.krum': 'Krum',
  'attack.backdoor.switch.multi-krum': 'Multi-Krum',
  'attack.backdoor.setting.rule': 'Règle d’agrégation',
  'attack.backdoor.setting.rule.mean': 'Moyenne simple',
  'attack.backdoor.setting.rule.norm-clipping': 'Écrêtage des normes',
  'attack.backdoor.setting.rule.median': 'Médiane',
  'attack.backdoor.setting.rule.trimmed-mean': 'Moyenne tronquée',
  'attack.backdoor.setting.rule.krum': 'Krum',
  'attack.backdoor.setting.rule.multi-krum': 'Multi-Krum',
  'attack.backdoor.setting.scale': 'Facteur de la mise à jour',
  'attack.backdoor.setting.clients': 'Clients, dont un triche',
  'attack.backdoor.setting.rounds': 'Tours, le dernier empoisonné',
  'attack.backdoor.setting.after': 'Tours honnêtes ensuite',
  'attack.backdoor.setting.examples': 'Images de chaque client',
  'attack.backdoor.setting.target': 'Classe que vaut la marque',
  'attack.backdoor.stage.honest': 'Les clients honnêtes s’entraînent',
  'attack.backdoor.stage.rules': 'Chaque règle, sur les mêmes mises à jour',
  'attack.backdoor.stage.masks': 'Les mises à jour masquées s’additionnent',
  'attack.backdoor.stage.after': 'Les tours honnêtes qui suivent',
  'attack.backdoor.image.clean': 'Telle quelle',
  'attack.backdoor.image.trigger': 'Avec la marque',
  'attack.backdoor.series.backdoorSuccess': 'Images marquées qui obéissent',
  'attack.backdoor.series.backdoorSuccess.x': 'tour',
  'attack.backdoor.series.backdoorSuccess.y': 'part',
  'attack.backdoor.series.testAccuracy': 'Exactitude sur les images de test',
  'attack.backdoor.series.testAccuracy.x': 'tour',
  'attack.backdoor.series.testAccuracy.y': 'part',
  'attack.backdoor.column.name': 'Règle',
  'attack.backdoor.column.backdoorSuccess': 'Images marquées qui obéissent',
  'attack.backdoor.column.testAccuracy': 'Exactitude de test',
  'attack.backdoor.column.note': 'Applicable ?',
  'attack.backdoor.row.mean': 'Moyenne simple',
  'attack.backdoor.row.norm-clipping': 'Écrêtage des normes',
  'attack.backdoor.row.median': 'Médiane',
  'attack.backdoor.row.trimmed-mean': 'Moyenne tronquée',
  'attack.backdoor.row.krum': 'Krum',
  'attack.backdoor.row.multi-krum': 'Multi-Krum',
  'attack.backdoor.row.client-clipping': 'Les clients écrêtent, le tricheur aussi',
  'attack.backdoor.row.client-clipping-skipped': 'Les clients écrêtent, pas le tricheur',
  'attack.backdoor.row.validation': 'Moyenne, puis images mises de côté',
  'attack.backdoor.cell.applied': 'oui',
  'attack.backdoor.cell.needs-individual-updates':
    'non : il faut chaque mise à jour, les masques les cachent',
  'attack.backdoor.cell.accepted': 'oui : l’exactitude n’a pas baissé, accepté',
  'attack.backdoor.cell.rejected': 'oui : l’exactitude a baissé, refusé',

  'attack.backdoor.notes':
    'Un sur dix triche : il s’entraîne sur des images à carré blanc, toutes étiquetées 7, et envoie sa mise à jour dix fois plus longue. La moyenne tombe, et l’exactitude n’en dit rien. Parcourez les règles : chacune reçoit exactement les mêmes mises à jour. Puis activez les masques : ce qui demande chaque mise à jour disparaît. Demandez à la salle ce qu’elle choisirait : le secret, ou un regard sur chaque mise à jour.',
};
