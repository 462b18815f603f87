/** French: the frame: rail, connection, toasts. Part of fr.ts. */
import type { Message } from '../translate.ts';
import type { shellEnglish } from './shell-en.ts';

export const shellFrench: Readonly<Record<keyof typeof shellEnglish, Message>> = {
  // the window's title
  'shell.title': '{screen} – Masquerade',
  'shell.title.coordinate': 'Ouvrir une session',
  'shell.title.simulate': 'Préparer une simulation',
  'shell.title.join': 'Rejoindre une session',
  'shell.title.draw': 'Vos dessins',
  'shell.title.lab': 'Laboratoire d’attaques',
  'shell.title.results': 'Résultats',
  'shell.title.settings': 'Réglages',

  // the rail
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
  'shell.help': 'Touches',
  'shell.running': 'en cours',

  // everywhere
  'shell.undo': 'Annuler',
  'shell.dismiss': 'Fermer',
  'shell.cancel': 'Annuler',
  'shell.close': 'Fermer',
  'shell.back': 'Retour',

  // keys
  'shell.keys': 'Touches',
  'shell.keys.lead': 'Tout peut se faire sans elles, et sans souris.',
  'shell.keys.off': 'Les touches seules (P, « ? ») sont désactivées dans les réglages.',
  'shell.keys.everywhere': 'Partout',
  'shell.keys.projector': 'Vue projecteur, et retour',
  'shell.keys.help': 'Cette liste',
  'shell.keys.tab': 'Vers le prochain élément actif',
  'shell.keys.escape': 'Ferme ce qui est ouvert ; quitte la vue projecteur',
  'shell.keys.session': 'Pendant une session',
  'shell.keys.session.pause': 'Met en pause, et reprend',
  'shell.keys.session.next': 'Pas à pas : laisse passer la phase suivante',
  'shell.keys.ring.walk': 'D’une personne de l’anneau à la suivante',
  'shell.keys.ring.open': 'Ce que le coordinateur voit de cette personne',
  'shell.keys.draw': 'Sur l’ardoise',
  'shell.keys.draw.label': 'Garde le dessin comme ce chiffre',
  'shell.keys.draw.move': 'Déplacent le crayon ; avec Maj, plus loin',
  'shell.keys.draw.pen': 'Pose le crayon, le lève',
  'shell.keys.draw.undo': 'Retire le dernier trait',
  'shell.keys.draw.clear': 'Vide l’ardoise',
  'shell.keys.lists': 'Dans les listes',
  'shell.keys.lists.walk': 'D’une ligne à la suivante',
  'shell.keys.lists.remove': 'Supprime ; cela peut être repris',
  'shell.key.enter': 'Entrée',
  'shell.key.escape': 'Échap',
  'shell.key.delete': 'Suppr',
  'shell.key.space': 'Espace',

  // when something is wrong
  'shell.waiting': 'En attente de Masquerade.',
  'shell.waiting.hint':
    'Pas encore de réponse. S’il tourne dans un terminal, ouvrez le lien qu’il y a affiché : il contient la clé de cette page.',
  'shell.lost': 'Masquerade ne répond plus.',
  'shell.lost.hint': 'Ce qui tourne continue peut-être. Cette page revient d’elle-même dès que possible.',
  'shell.broken': 'Cet écran a cessé de fonctionner.',
  'shell.broken.hint':
    'Ce qui tourne continue. Le journal, dans le dossier de données, contient les détails.',
  'shell.broken.details': 'Détails',
  'shell.again': 'Réessayer',
  'shell.part.failed': 'Cette partie ne se charge pas.',
  'shell.language.failed': 'Les textes dans cette langue ne se chargent pas.',
  'shell.unknown': 'Cette page n’existe pas.',
  'shell.unknown.hint': 'L’adresse vient peut-être d’une autre version, ou contient une erreur.',
};
