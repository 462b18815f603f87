/** English: the settings. Part of en.ts, which has the rules. */
export const settingsEnglish = {
  'settings.title': 'Settings',
  'settings.lead': 'Every change holds at once, and can be taken back.',
  'settings.changed': '{what}: {value}.',
  'settings.system': 'System',
  'settings.by-itself': 'automatic',
  'settings.copy': 'Copy: {what}',
  'settings.copied': '{what}: copied.',
  'settings.not-copied': '{what}: the clipboard cannot be used here.',

  // identity
  'settings.identity': 'Your identity',
  'settings.name': 'Name',
  'settings.name.hint': 'What others see when you join or coordinate.',
  'settings.name.placeholder': 'Your name',
  'settings.fingerprint': 'Fingerprint',
  'settings.fingerprint.hint':
    'Of your public key. Your mask is drawn from it; whoever has seen it before can compare.',
  'settings.certificate': 'Key and certificate',
  'settings.key': 'Key',
  'settings.key.rsa': 'RSA, {bits} bits',
  'settings.key.since': 'Made',
  'settings.certificate.subject': 'Certificate',
  'settings.certificate.until': 'Valid until',
  'settings.certificate.serial': 'Serial number',
  'settings.certificate.sha256': 'SHA-256',

  // its backup
  'settings.backup': 'Back up',
  'settings.backup.why':
    'A backup brings the same mask and fingerprint to another machine, or back to this one.',
  'settings.backup.title': 'Back up your identity',
  'settings.backup.lead':
    'A PKCS#12 file with your key and its certificate, under a passphrase. Whoever has both can sign as you.',
  'settings.backup.save': 'Save the file',
  'settings.backup.done': 'The backup is made. Keep it apart from its passphrase.',
  'settings.passphrase': 'Passphrase',
  'settings.passphrase.again': 'The same once more',
  'settings.passphrase.hint': 'At least {least} characters. Several words are easier to keep than signs.',
  'settings.passphrase.short': { one: '{count} more character.', other: '{count} more characters.' },
  'settings.passphrase.differs': 'These are not the same.',
  'settings.passphrase.lost': 'Nobody can recover it: not even Masquerade knows it.',
  'settings.passphrase.show': 'Show what is typed',

  // another from a backup
  'settings.restore': 'Restore',
  'settings.restore.busy':
    'Restoring waits until nothing is under way: a session knows you by this identity.',
  'settings.restore.title': 'Restore an identity',
  'settings.restore.lead': 'From a backup that you made here or on another machine.',
  'settings.restore.file': 'A backup (.p12)',
  'settings.restore.choose': 'Choose',
  'settings.restore.passphrase': 'Its passphrase',
  'settings.restore.go': 'Restore',
  'settings.restore.working': 'Opening the file ...',
  'settings.restore.wrong': 'This is not the passphrase of this file.',
  'settings.restore.damaged': 'This file is no backup of an identity, or it is damaged.',
  'settings.restore.same': 'This machine has this identity already.',
  'settings.restore.done': 'This machine now has the identity of the backup.',
  'settings.restore.replace.title': 'Take the other identity?',
  'settings.restore.replace.lead':
    'The file is good. It holds another identity than this machine’s, which is this one:',
  'settings.restore.replace.mask':
    'Others will see another mask and another fingerprint: tell those who know yours.',
  'settings.restore.replace.sessions':
    'Sessions that know you as you are now can still be resumed: the present key is kept for them.',
  'settings.restore.replace.gone':
    'For new sessions it is gone from this machine, unless you have a backup of it to come back with.',
  'settings.restore.replace.backup': 'Back it up first',
  'settings.restore.replace.keep': 'Keep this one',
  'settings.restore.replace.go': 'Take the other one',

  // what protects it
  'settings.protection': 'Protection of the keys',
  'settings.protection.passphrase':
    'The keys on this machine lie under your passphrase. A thief of its disk cannot use them.',
  'settings.protection.wrapping-key':
    'The keys lie under a key file beside them. That keeps them out of copies of the database; whoever can read your files can use them.',
  'settings.protection.operating-system':
    'The keys lie under a key that the operating system keeps for you: whoever is logged in as you can use them, a thief of the disk cannot.',
  'settings.protection.ask': 'A passphrase',
  'settings.protection.hint': 'Asked for whenever Masquerade starts.',
  'settings.protection.hint.browser':
    'Asked for whenever Masquerade starts: a terminal takes it from --passphrase-file or MASQUERADE_PASSPHRASE.',
  'settings.protection.not':
    'It covers identity keys and masked vectors that wait to be sent again. Names, drawings, results and models lie open in the data folder.',
  'settings.protection.change': 'Change the passphrase',
  'settings.protection.title': 'A passphrase for your keys',
  'settings.protection.lead': 'From the next start on, nothing of your identity can be used without it.',
  'settings.protection.go': 'Set the passphrase',
  'settings.protection.set': 'The keys lie under your passphrase now.',
  'settings.protection.removed': 'The passphrase is gone.',

  // appearance
  'settings.appearance': 'Appearance',
  'settings.language': 'Language',
  'settings.language.hint': 'Changes at once, everywhere.',
  'settings.theme': 'Theme',
  'settings.theme.light': 'Light',
  'settings.theme.dark': 'Dark',
  'settings.theme.hint': 'Light reads better on most projectors.',
  'settings.contrast': 'Contrast',
  'settings.contrast.normal': 'Normal',
  'settings.contrast.more': 'More',
  'settings.contrast.hint': 'More: every boundary drawn, no grey to guess.',
  'settings.keys': 'Single keys',
  'settings.keys.hint':
    'P for the projector view, ? for the list of keys. Off for whoever dictates, or whose hand slips.',
  'settings.keys.show': 'Show the keys',

  // training
  'settings.engine.title': 'Training',
  'settings.speed': 'images a second, when this machine last trained',
  'settings.speed.unmeasured': 'its speed is measured when it first trains',
  'settings.engine': 'Engine',
  'settings.engine.hint': 'The fastest that can train the model.',
  'settings.engine.chosen': 'The reference network trains with: {engine}.',
  'settings.processes': 'Processes',
  'settings.processes.hint': 'Automatic: one a core, {cores} here.',
  'settings.processes.problem': 'It must be a whole number from 1 to {most}, or empty.',

  // places
  'settings.places': 'Where it all lies',
  'settings.folder': 'Data folder',
  'settings.log': 'Log',
  'settings.places.hint':
    'Another folder is chosen when Masquerade starts: --data-dir. The log names no people and holds no keys or images.',
  'settings.updates': 'Look for new versions',
  'settings.updates.hint': 'Off unless you ask for it: nothing else here ever goes to the internet.',
  'settings.updates.cannot': 'The desktop application can; this one is updated where it was installed from.',

  // about
  'settings.about': 'About',
  'settings.about.licence': 'Free software under the MIT licence. Works of others in it:',
  'settings.about.mnist': 'MNIST, the handwritten digits',
  'settings.about.fonts': 'the typefaces, by way of Fontsource',
  'settings.about.icons': 'the icons',
  'settings.about.tensorflow': 'the models and one engine, by Google',
  'settings.about.others': 'All others, with their terms: docs/third-party.md.',
} as const;
