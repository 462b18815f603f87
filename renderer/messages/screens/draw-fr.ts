/** French: own drawings. Part of fr.ts. */
import type { drawEnglish } from './draw-en.ts';
import type { Message } from '../translate.ts';

export const drawFrench: Readonly<Record<keyof typeof drawEnglish, Message>> = {
  // the screen
  'draw.title': 'Vos dessins',
  'draw.count': {
    one: '{count} chiffre, sur cette machine seulement',
    other: '{count} chiffres, sur cette machine seulement',
  },
  'draw.question': 'Dessinez un chiffre, puis dites lequel.',
  'draw.labels': 'Quel chiffre est-ce ?',
  'draw.keep': 'Le garder comme {digit}',
  'draw.first': 'Les chiffres s’activent dès que quelque chose est dessiné.',
  'draw.which': 'Appuyez sur l’un d’eux, ou sur sa touche, et le dessin est gardé.',
  'draw.kept': 'Gardé comme {digit}.',

  // the gallery
  'draw.gallery': 'Ce que vous avez dessiné',
  'draw.gallery.hint': 'Appuyez sur des dessins pour les choisir.',
  'draw.gallery.empty': 'Rien encore. Cinq de chaque chiffre font un bon début.',
  'draw.gallery.uneven': 'Certains chiffres manquent presque : un modèle apprend ce qu’il voit.',
  'draw.row': { one: '{digit} : {count} dessin', other: '{digit} : {count} dessins' },
  'draw.one': 'Un {digit}, {when}',
  'draw.none': 'N’en choisir aucun',
  'draw.remove': { one: 'Supprimer {count}', other: 'Supprimer {count}' },
  'draw.removed': { one: '{count} dessin supprimé.', other: '{count} dessins supprimés.' },
  'draw.use':
    'Ils servent quand vous rejoignez une session en choisissant vos dessins : ajoutés aux images qui vous sont distribuées, ou seuls là où chacun apporte les siennes. Ils ne quittent jamais cette machine ; ce qui part est la mise à jour masquée à laquelle ils ont contribué.',
  'draw.join': 'Rejoindre une session',

  // the pad
  'draw.pad': 'Une ardoise pour dessiner un chiffre',
  'draw.pad.invitation': 'Dessinez un chiffre',
  'draw.pad.seen': 'Tel que le modèle le voit : 28 sur 28, centré',
  'draw.pad.undo': 'Annuler',
  'draw.pad.clear': 'Effacer',
  'draw.pad.keys': 'Sans souris : les flèches déplacent le crayon, Espace le pose ou le lève.',
  'draw.pad.said.down': 'Le crayon est posé.',
  'draw.pad.said.up': 'Le crayon est levé.',
  'draw.pad.said.undone': 'Annulé.',
  'draw.pad.said.cleared': 'L’ardoise est vide.',
};
