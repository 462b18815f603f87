/** French: what the attack lab's report, files and command line say beside what its screens say. Part of fr.ts. */
import type { labPageEnglish } from './lab-page-en.ts';
import type { Message } from './translate.ts';

export const labPageFrench: Readonly<Record<keyof typeof labPageEnglish, Message>> = {
  'lab.page.protection.none': 'aucune',
  'lab.page.protection.signature': 'signature',
  'lab.page.protection.masks': 'masques',
  'lab.page.protection.noise': 'bruit {noise}',

  'lab.page.title': { one: 'Labo d’attaques : {title}', other: 'Labo d’attaques, {count} attaques' },
  'lab.page.kind': 'Labo d’attaques',
  'lab.page.lead':
    'Chaque chiffre a été mesuré par l’exécution à côté de laquelle il figure. À côté de chacun figure ce qui s’obtient sans attaque.',
  'lab.page.contents': 'Ce qui se trouve ici',
  'lab.page.attacker': 'L’attaquant',
  'lab.page.pictures': 'Images',
  'lab.page.pictures.more': {
    one: '{count} autre image privée se trouve dans le fichier JSON.',
    other: '{count} autres images privées se trouvent dans le fichier JSON.',
  },
  'lab.page.picture.alt': '{name}, {number}',
  'lab.page.picture.alt.value': '{name}, {number} : {value}',
  'lab.page.figures': 'Chiffres',
  'lab.page.without': 'Sans attaque',
  'lab.page.table': 'Cas par cas',
  'lab.page.gauges': 'Deux questions',
  'lab.page.series': 'Pendant l’attaque',
  'lab.page.settings': 'Réglages',
  'lab.page.protection': 'Protection',
  'lab.page.success': 'Succès',
  'lab.page.success.yes': 'atteint ({threshold})',
  'lab.page.success.no': 'pas atteint ({threshold})',
  'lab.page.guarantee.delta': '{bound}, avec delta {delta}',
  'lab.page.when': 'Date',
  'lab.page.took': 'Durée',
  'lab.page.seed': 'Graine',
  'lab.page.engine': 'Moteur',
  'lab.page.version': 'Version',
  'lab.page.source': 'Source de l’attaque',
  'lab.page.stopped-is-not-protected':
    'Qu’une attaque s’arrête ne dit rien des autres. Seule une borne vaut pour toutes les attaques.',

  'terminal.attack.name': 'Attaque',
  'terminal.attack.seat': 'Attaquant',
  'terminal.attack.time': 'Durée',
  'terminal.attack.question': 'Question',
  'terminal.attack.attacker': 'Attaquant',
  'terminal.attack.protection': 'Protection',
  'terminal.attack.settings': 'Réglages',
  'terminal.attack.without': 'Sans attaque',
  'terminal.attack.took': 'Exécution',
  'terminal.attack.cancelled': 'Annulé : il n’y a pas de verdict.',
  'terminal.attack.pictures': { one: '{count} image dans {folder}', other: '{count} images dans {folder}' },
};
