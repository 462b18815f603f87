/** French: the window around the interface: menu, dialogs, the passphrase at the start. Part of fr.ts. */
import type { Message } from '../translate.ts';
import type { desktopEnglish } from './desktop-en.ts';

export const desktopFrench: Readonly<Record<keyof typeof desktopEnglish, Message>> = {
  'desktop.menu.file': 'Fichier',
  'desktop.menu.edit': 'Édition',
  'desktop.menu.view': 'Affichage',
  'desktop.menu.go': 'Aller',
  'desktop.menu.window': 'Fenêtre',
  'desktop.menu.help': 'Aide',
  'desktop.menu.about': 'À propos de Masquerade',
  'desktop.menu.services': 'Services',
  'desktop.menu.hide': 'Masquer Masquerade',
  'desktop.menu.hide-others': 'Masquer les autres',
  'desktop.menu.show-all': 'Tout afficher',
  'desktop.menu.quit': 'Quitter Masquerade',
  'desktop.menu.close': 'Fermer la fenêtre',
  'desktop.menu.coordinate': 'Coordonner une session',
  'desktop.menu.join': 'Rejoindre une session',
  'desktop.menu.simulate': 'Simuler',
  'desktop.menu.undo': 'Annuler',
  'desktop.menu.redo': 'Rétablir',
  'desktop.menu.cut': 'Couper',
  'desktop.menu.copy': 'Copier',
  'desktop.menu.paste': 'Coller',
  'desktop.menu.select-all': 'Tout sélectionner',
  'desktop.menu.reload': 'Recharger la page',
  'desktop.menu.tools': 'Outils de développement',
  'desktop.menu.actual-size': 'Taille réelle',
  'desktop.menu.zoom-in': 'Zoom avant',
  'desktop.menu.zoom-out': 'Zoom arrière',
  'desktop.menu.full-screen': 'Plein écran',
  'desktop.menu.back': 'Précédent',
  'desktop.menu.forward': 'Suivant',
  'desktop.menu.home': 'Accueil',
  'desktop.menu.draw': 'Dessiner',
  'desktop.menu.lab': 'Attaques',
  'desktop.menu.results': 'Résultats',
  'desktop.menu.settings': 'Réglages',
  'desktop.menu.minimise': 'Réduire',
  'desktop.menu.zoom': 'Réduire/agrandir',
  'desktop.menu.front': 'Tout ramener au premier plan',
  'desktop.menu.log': 'Afficher le journal',
  'desktop.menu.licences': 'Licences des composants tiers',
  'desktop.about':
    'L’apprentissage fédéré sous vos yeux. MNIST : Yann LeCun et Corinna Cortes, licence CC BY-SA 3.0.',

  'desktop.cancel': 'Annuler',
  'desktop.ok': 'OK',
  'desktop.quit': 'Quitter',
  'desktop.close.session': 'Fermer Masquerade en pleine session ?',
  'desktop.close.session.detail':
    '« {title} » n’est pas terminée. Si vous partez, la session pourra reprendre plus tard ; si vous l’arrêtez pour de bon, ce qui est achevé est conservé.',
  'desktop.close.run': 'Fermer Masquerade pendant que « {title} » tourne ?',
  'desktop.close.run.detail': 'Le calcul est arrêté. Les tours achevés sont conservés.',
  'desktop.close.leave': 'Partir, reprendre plus tard',
  'desktop.close.stop': 'Arrêter pour de bon',
  'desktop.close.stop-run': 'Arrêter et fermer',

  'desktop.folder': 'Choisir un dossier',
  'desktop.save': 'Enregistrer',

  'desktop.link-refused': 'Cette invitation est inutilisable.',
  'desktop.crashed': 'La page a cessé de fonctionner.',
  'desktop.crashed.detail': 'Ce qui tourne continue. Si cela se reproduit, le journal en dit plus : {file}',
  'desktop.reload': 'Recharger la page',
  'desktop.unresponsive': 'La page ne répond pas.',
  'desktop.unresponsive.detail': 'Ce qui tourne continue. Vous pouvez attendre ou recharger la page.',
  'desktop.wait': 'Attendre',
  'desktop.host-gone': 'Les services de Masquerade se sont arrêtés.',
  'desktop.host-gone.detail':
    'Ce qui était achevé est conservé et les sessions peuvent reprendre. Le journal en dit plus : {file}',
  'desktop.start-again': 'Redémarrer',
  'desktop.no-interface': 'Masquerade est incomplet.',
  'desktop.no-interface.detail':
    'L’interface manque dans {folder}. Réinstallez Masquerade ou lancez npm start dans ses sources.',

  'desktop.refused': 'Masquerade ne peut pas démarrer.',
  'desktop.refused.folder-in-use':
    'Un autre Masquerade utilise {folder}, peut-être une commande dans un terminal. Fermez-le puis redémarrez.',
  'desktop.refused.folder-unusable':
    'Le dossier {folder} est inutilisable. Vérifiez qu’il existe et que vous pouvez y écrire.',
  'desktop.refused.disk-full': 'Le disque de {folder} est plein. Libérez de la place puis redémarrez.',
  'desktop.refused.database-damaged':
    'La base de données de {folder} est endommagée. Remettez une copie du dossier ou déplacez-le pour repartir de zéro.',
  'desktop.refused.database-too-new':
    'La base de données de {folder} a été écrite par un Masquerade plus récent. Lancez celui-là.',
  'desktop.refused.system-key-needed':
    'Les clés de {folder} s’ouvrent avec une clé que garde ce système, et il n’en donne aucune. Déverrouillez le trousseau de votre compte ou lancez Masquerade sous le compte qui a créé le dossier.',
  'desktop.refused.wrapping-key-unusable':
    'Le fichier wrapping.key de {folder} manque ou vient d’un autre dossier. Remettez celui qui a été créé avec ce dossier.',
  'desktop.refused.other': 'Le journal en dit plus : {file}',
  'desktop.show-log': 'Afficher le journal',

  'desktop.unlock': 'Votre phrase de passe',
  'desktop.unlock.why': 'Elle protège les clés de cette machine. Masquerade la demande à chaque démarrage.',
  'desktop.unlock.open': 'Ouvrir',
  'desktop.unlock.wrong': 'Ce n’est pas la bonne phrase de passe.',

  'desktop.update': 'La version {version} est disponible. La télécharger ?',
  'desktop.update.detail':
    'Elle s’installe quand vous fermez Masquerade. Les réglages disent s’il faut chercher de nouvelles versions.',
  'desktop.update.fetch': 'Télécharger',
  'desktop.update.later': 'Plus tard',
};
