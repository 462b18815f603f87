/** English: what the attack lab's report, files and command line say beside what its screens say. Part of en.ts. */
export const labPageEnglish = {
  // how an update was protected
  'lab.page.protection.none': 'nothing',
  'lab.page.protection.signature': 'signature',
  'lab.page.protection.masks': 'masks',
  'lab.page.protection.noise': 'noise {noise}',

  // the page
  'lab.page.title': { one: 'Attack lab: {title}', other: 'Attack lab, {count} attacks' },
  'lab.page.kind': 'Attack lab',
  'lab.page.lead':
    'Every figure was measured by the run that it stands beside. Each has what no attack is needed for next to it.',
  'lab.page.contents': 'What is here',
  'lab.page.attacker': 'The attacker',
  'lab.page.pictures': 'Pictures',
  'lab.page.pictures.more': {
    one: '{count} more private image is in the JSON file.',
    other: '{count} more private images are in the JSON file.',
  },
  'lab.page.picture.alt': '{name}, {number}',
  'lab.page.picture.alt.value': '{name}, {number}: {value}',
  'lab.page.figures': 'Figures',
  'lab.page.without': 'Without an attack',
  'lab.page.table': 'One by one',
  'lab.page.gauges': 'Two questions',
  'lab.page.series': 'While it worked',
  'lab.page.settings': 'Settings',
  'lab.page.protection': 'Protection',
  'lab.page.success': 'Success',
  'lab.page.success.yes': 'reached ({threshold})',
  'lab.page.success.no': 'not reached ({threshold})',
  'lab.page.guarantee.delta': '{bound}, at delta {delta}',
  'lab.page.when': 'When',
  'lab.page.took': 'Took',
  'lab.page.seed': 'Seed',
  'lab.page.engine': 'Engine',
  'lab.page.version': 'Version',
  'lab.page.source': 'Source of the attack',
  'lab.page.stopped-is-not-protected':
    'That an attack stops says nothing about others. Only a bound holds for every attack.',

  // the command line
  'terminal.attack.name': 'Attack',
  'terminal.attack.seat': 'Attacker',
  'terminal.attack.time': 'Time',
  'terminal.attack.question': 'Question',
  'terminal.attack.attacker': 'Attacker',
  'terminal.attack.protection': 'Protection',
  'terminal.attack.settings': 'Settings',
  'terminal.attack.without': 'Without an attack',
  'terminal.attack.took': 'Run',
  'terminal.attack.cancelled': 'Cancelled: there is no verdict.',
  'terminal.attack.pictures': { one: '{count} picture in {folder}', other: '{count} pictures in {folder}' },
} as const;
