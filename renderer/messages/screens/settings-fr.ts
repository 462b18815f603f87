/** French: the settings. Part of fr.ts. */
import type { settingsEnglish } from './settings-en.ts';
import type { Message } from '../translate.ts';

export const settingsFrench: Readonly<Record<keyof typeof settingsEnglish, Message>> = {
  'settings.title': 'Réglages',
  'settings.lead': 'Chaque changement vaut aussitôt, et peut être repris.',
  'settings.changed': '{what} : {value}.',
  'settings.system': 'Système',
  'settings.by-itself': 'automatique',
  'settings.copy': 'Copier : {what}',
  'settings.copied': '{what} : copié.',
  'settings.not-copied': '{what} : le presse-papiers n’est pas utilisable ici.',

  // identity
  'settings.identity': 'Votre identité',
  'settings.name': 'Nom',
  'settings.name.hint': 'Ce que les autres voient quand vous rejoignez ou coordonnez.',
  'settings.name.placeholder': 'Votre nom',
  'settings.fingerprint': 'Empreinte',
  'settings.fingerprint.hint':
    'De votre clé publique. Votre masque en est dessiné ; qui l’a déjà vue peut comparer.',
  'settings.certificate': 'Clé et certificat',
  'settings.key': 'Clé',
  'settings.key.rsa': 'RSA, {bits} bits',
  'settings.key.since': 'Créée',
  'settings.certificate.subject': 'Certificat',
  'settings.certificate.until': 'Valable jusqu’au',
  'settings.certificate.serial': 'Numéro de série',
  'settings.certificate.sha256': 'SHA-256',

  // its backup
  'settings.backup': 'Sauvegarder',
  'settings.backup.why':
    'Une sauvegarde apporte le même masque et la même empreinte à une autre machine, ou les ramène à celle-ci.',
  'settings.backup.title': 'Sauvegarder votre identité',
  'settings.backup.lead':
    'Un fichier PKCS#12 avec votre clé et son certificat, sous une phrase de passe. Qui a les deux peut signer en votre nom.',
  'settings.backup.save': 'Enregistrer le fichier',
  'settings.backup.done': 'La sauvegarde est faite. Gardez-la à l’écart de sa phrase de passe.',
  'settings.passphrase': 'Phrase de passe',
  'settings.passphrase.again': 'La même, encore une fois',
  'settings.passphrase.hint':
    'Au moins {least} caractères. Plusieurs mots se retiennent mieux que des signes.',
  'settings.passphrase.short': { one: 'Encore {count} caractère.', other: 'Encore {count} caractères.' },
  'settings.passphrase.differs': 'Ce n’est pas la même.',
  'settings.passphrase.lost': 'Personne ne peut la retrouver : Masquerade non plus ne la connaît pas.',
  'settings.passphrase.show': 'Montrer ce qui est tapé',

  // another from a backup
  'settings.restore': 'Restaurer',
  'settings.restore.busy':
    'Restaurer attend que rien ne soit en cours : une session vous connaît par cette identité.',
  'settings.restore.title': 'Restaurer une identité',
  'settings.restore.lead': 'D’une sauvegarde faite ici ou sur une autre machine.',
  'settings.restore.file': 'Une sauvegarde (.p12)',
  'settings.restore.choose': 'Choisir',
  'settings.restore.passphrase': 'Sa phrase de passe',
  'settings.restore.go': 'Restaurer',
  'settings.restore.working': 'Ouverture du fichier ...',
  'settings.restore.wrong': 'Ce n’est pas la phrase de passe de ce fichier.',
  'settings.restore.damaged': 'Ce fichier n’est pas la sauvegarde d’une identité, ou il est abîmé.',
  'settings.restore.same': 'Cette machine a déjà cette identité.',
  'settings.restore.done': 'Cette machine a maintenant l’identité de la sauvegarde.',
  'settings.restore.replace.title': 'Prendre l’autre identité ?',
  'settings.restore.replace.lead':
    'Le fichier est bon. Il contient une autre identité que celle de cette machine, que voici :',
  'settings.restore.replace.mask':
    'Les autres verront un autre masque et une autre empreinte : prévenez ceux qui connaissent les vôtres.',
  'settings.restore.replace.sessions':
    'Les sessions qui vous connaissent ainsi peuvent encore être reprises : la clé actuelle est gardée pour elles.',
  'settings.restore.replace.gone':
    'Pour de nouvelles sessions, elle quitte cette machine, à moins d’une sauvegarde pour y revenir.',
  'settings.restore.replace.backup': 'La sauvegarder d’abord',
  'settings.restore.replace.keep': 'Garder celle-ci',
  'settings.restore.replace.go': 'Prendre l’autre',

  // what protects it
  'settings.protection': 'Protection des clés',
  'settings.protection.passphrase':
    'Les clés de cette machine sont sous votre phrase de passe. Un voleur de son disque ne peut pas s’en servir.',
  'settings.protection.wrapping-key':
    'Les clés sont sous un fichier de clé posé à côté d’elles. Il les garde hors des copies de la base ; qui peut lire vos fichiers peut s’en servir.',
  'settings.protection.operating-system':
    'Les clés sont sous une clé que le système garde pour vous : qui a ouvert votre session peut s’en servir, un voleur du disque non.',
  'settings.protection.ask': 'Une phrase de passe',
  'settings.protection.hint': 'Demandée à chaque démarrage de Masquerade.',
  'settings.protection.hint.browser':
    'Demandée à chaque démarrage de Masquerade : un terminal la prend de --passphrase-file ou de MASQUERADE_PASSPHRASE.',
  'settings.protection.not':
    'Elle couvre les clés d’identité et les vecteurs masqués en attente d’un nouvel envoi. Noms, dessins, résultats et modèles restent lisibles dans le dossier de données.',
  'settings.protection.change': 'Changer la phrase de passe',
  'settings.protection.title': 'Une phrase de passe pour vos clés',
  'settings.protection.lead': 'Dès le prochain démarrage, rien de votre identité ne sert sans elle.',
  'settings.protection.go': 'Définir la phrase de passe',
  'settings.protection.set': 'Les clés sont maintenant sous votre phrase de passe.',
  'settings.protection.removed': 'La phrase de passe est retirée.',

  // appearance
  'settings.appearance': 'Apparence',
  'settings.language': 'Langue',
  'settings.language.hint': 'Change aussitôt, partout.',
  'settings.theme': 'Thème',
  'settings.theme.light': 'Clair',
  'settings.theme.dark': 'Sombre',
  'settings.theme.hint': 'Le clair se lit mieux sur la plupart des projecteurs.',
  'settings.contrast': 'Contraste',
  'settings.contrast.normal': 'Normal',
  'settings.contrast.more': 'Renforcé',
  'settings.contrast.hint': 'Renforcé : chaque limite tracée, aucun gris à deviner.',
  'settings.keys': 'Touches seules',
  'settings.keys.hint':
    'P ouvre la vue projecteur, « ? » la liste des touches. Sans, pour qui dicte ou dont la main glisse.',
  'settings.keys.show': 'Montrer les touches',

  // training
  'settings.engine.title': 'Entraînement',
  'settings.speed': 'images par seconde, au dernier entraînement de cette machine',
  'settings.speed.unmeasured': 'la vitesse est mesurée au premier entraînement',
  'settings.engine': 'Moteur',
  'settings.engine.hint': 'Le plus rapide qui sache entraîner le modèle.',
  'settings.engine.chosen': 'Le réseau de référence s’entraîne avec : {engine}.',
  'settings.processes': 'Processus',
  'settings.processes.hint': 'Automatique : un par cœur, {cores} ici.',
  'settings.processes.problem': 'Il faut un nombre entier de 1 à {most}, ou rien.',

  // places
  'settings.places': 'Où tout se trouve',
  'settings.folder': 'Dossier de données',
  'settings.log': 'Journal',
  'settings.places.hint':
    'Un autre dossier se choisit au démarrage de Masquerade : --data-dir. Le journal ne nomme personne et ne contient ni clés ni images.',
  'settings.updates': 'Chercher de nouvelles versions',
  'settings.updates.hint': 'Seulement si vous le demandez : rien d’autre ici ne va jamais sur internet.',
  'settings.updates.cannot':
    'L’application de bureau le peut ; celle-ci se met à jour là d’où elle a été installée.',

  // about
  'settings.about': 'À propos',
  'settings.about.licence': 'Logiciel libre sous licence MIT. Œuvres d’autrui qu’il contient :',
  'settings.about.mnist': 'MNIST, les chiffres manuscrits',
  'settings.about.fonts': 'les caractères, par Fontsource',
  'settings.about.icons': 'les icônes',
  'settings.about.tensorflow': 'les modèles et un moteur, par Google',
  'settings.about.others': 'Toutes les autres, avec leurs conditions : docs/third-party.md.',
};
