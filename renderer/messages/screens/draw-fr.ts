/** French: own drawings. Part of fr.ts. */
import type { drawEnglish } from './draw-en.ts';
import type { Message } from '../translate.ts';

export const drawFrench: Readonly<Record<keyof typeof drawEnglish, Message>> = {
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
