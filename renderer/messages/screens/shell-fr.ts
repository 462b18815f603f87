/** French: the frame: rail, connection, toasts. Part of fr.ts. */
import type { Message } from '../translate.ts';
import type { shellEnglish } from './shell-en.ts';

export const shellFrench: Readonly<Record<keyof typeof shellEnglish, Message>> = {
  'shell.navigation': 'Principal',
  'shell.brand': 'Masquerade, accueil',
  'shell.skip': 'Aller au contenu',
  'shell.home': 'Accueil',
  'shell.session': 'Session',
  'shell.draw': 'Dessiner',
  'shell.lab': 'Attaques',
  'shell.results': 'Résultats',
  'shell.projector': 'Projecteur',
  'shell.projector.leave': 'Quitter la vue projecteur (P)',
  'shell.dark': 'Sombre',
  'shell.light': 'Clair',
  'shell.settings': 'Réglages',
  'shell.me': 'Cette machine : {name}',
  'shell.undo': 'Annuler',
  'shell.dismiss': 'Fermer',
  'shell.cancel': 'Annuler',
  'shell.close': 'Fermer',
  'shell.back': 'Retour',
  'shell.lost': 'Masquerade ne répond plus.',
  'shell.lost.hint': 'Ce qui tourne continue peut-être. Cette page revient d’elle-même dès que possible.',
  'shell.broken': 'Cet écran a cessé de fonctionner.',
  'shell.broken.hint': 'Ce qui tourne continue. Le journal contient les détails : {folder}',
  'shell.again': 'Réessayer',
  'shell.unknown': 'Cette page n’existe pas.',
};
