/** English: the first screen, and simulations that are ready to start. Part of en.ts, which has the rules. */
export const homeEnglish = {
  'home.lead': 'The laptops in a room train one model together, and nobody has to unmask.',

  // the doors
  'home.coordinate': 'Coordinate',
  'home.coordinate.text': 'Open a session on this machine. The room joins, you press Start.',
  'home.coordinate.open': 'Open a session',
  'home.join': 'Join',
  'home.join.text': 'Take part with your own data. It never leaves your laptop.',
  'home.join.code': 'Enter a code',
  'home.join.nearby': 'on this network',
  'home.join.nearby.more': {
    one: 'on this network, and one more',
    other: 'on this network, and {count} more',
  },
  'home.join.go': 'Join',
  'home.simulate': 'Simulate',
  'home.simulate.text': 'The whole room on this one machine, no network: 3 to 100 clients.',
  'home.simulate.demo': 'Five-minute demo',
  'home.simulate.setup': 'Set up',

  // simulations that are ready
  'home.preset.demo': 'Five-minute demo',

  // the attack lab
  'home.lab': 'Attack lab',
  'home.lab.text':
    'What does one unprotected update give away? These images were rebuilt here just now, each from a single training step on it.',
  'home.lab.text.short': 'Without masks: what does one update give away?',
  'home.lab.go': 'To the lab’s door',
  'home.lab.drawn': 'Drawn on this laptop',
  'home.lab.mnist': 'Digits of MNIST',
  'home.lab.rebuilt': 'Rebuilt from the update',
  'home.lab.masked': 'The same, masked',
  'home.lab.images':
    'Images of {digits}; the same, rebuilt from the updates that they caused; noise, where these are masked',

  // this machine
  'home.machine': 'This machine',
  'home.machine.identity': 'This machine’s identity',
  'home.machine.name': 'Your name, as others see it',
  'home.machine.rename': 'Change the name',
  'home.machine.nobody': 'Who are you?',
  'home.machine.named': 'Others now see you as {name}.',
  'home.machine.unnamed': 'You have no name now.',
  'home.engine.speed': 'Engine: {engine}, {speed} images/s',
  'home.engine.unmeasured': 'Engine: {engine}',
  'home.engine.auto': 'automatic',
  'home.engine.compiled': 'compiled',
  'home.engine.wasm': 'tf.js wasm',

  // what goes on
  'home.under-way': 'Under way',
  'home.under-way.simulation': 'Simulation',
  'home.under-way.comparison': 'Comparison',
  'home.under-way.coordinator': 'You coordinate',
  'home.under-way.participant': 'You take part',
  'home.under-way.round': 'round {round} of {rounds}',
  'home.under-way.preparing': 'preparing',
  'home.under-way.lobby': 'the lobby is open',
  'home.under-way.words': 'comparing words',
  'home.under-way.running': 'running',
  'home.under-way.ended': 'finished',

  // results
  'home.recent': 'Recent',
  'home.recent.all': { one: 'The result', other: 'All {count} results' },
  'home.recent.more': { one: '{count} more', other: '{count} more' },
  'home.recent.empty': 'Nothing has been trained here yet.',
  'home.recent.empty.hint':
    'The five-minute demo makes a first result. It needs neither a network nor other people.',
  'home.recent.clients': { one: '{count} client', other: '{count} clients' },
  'home.recent.simulation': 'Simulation, {clients}',
  'home.recent.comparison': 'Comparison, {clients}',
  'home.recent.coordinator': 'Coordinated, {clients}',
  'home.recent.participant': 'Joined, {clients}',
  'home.recent.ended': '{what}, ended after {done} of {rounds} rounds',
} as const;
