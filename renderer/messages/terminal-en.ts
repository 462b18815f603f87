/** English: what the command line prints beside its results' numbers. Part of en.ts, which has the rules. */
export const terminalEnglish = {
  // before training
  'terminal.data': 'Data',
  'terminal.data.value': '{name}: {train} training and {test} test images, {height} x {width}',
  'terminal.model': 'Model',
  'terminal.model.value': '{name}: {parameters} parameters',
  'terminal.model.statistics':
    '{count} of them are means and variances of each client’s own data (batch normalisation): they are part of every update, and disagree where data differ; GroupNormalization does without',
  'terminal.unprotected':
    'The keys of this machine are protected by file permissions alone: {path} opens them. Set a passphrase with: masquerade identity change-passphrase --new-passphrase-file FILE',
  'terminal.loss': 'Loss',
  'terminal.loss.value': '{loss}; test images are judged by the cross-entropy all the same',
  'terminal.engine': 'Engine',
  'terminal.keys': 'Keys',
  'terminal.keys.value': '{identities} RSA identities made',
  'terminal.identities': 'RSA identities',
  'terminal.words': 'Words',
  'terminal.words.value': '{words} (in a room, everyone compares them)',

  // while it trains
  'terminal.round-of': 'Round {round} of {rounds}',
  'terminal.centralised': 'centralised',
  'terminal.single-client': 'single client',
  'terminal.speed': '{speed} images/s',
  'terminal.time-left': '{time} left',
  'terminal.replaced': 'A compute process died ({reason}); another does its work again.',
  'terminal.cancelled-early': 'Cancelled before the first round ended: there is no result to keep.',

  // a finished round
  'terminal.round': 'Round {round}',
  'terminal.round-attempts': 'Round {round} ({attempts} attempts)',
  'terminal.step.keys': 'keys',
  'terminal.keys.text': '{clients} clients advertised two fresh keys, {time} each',
  'terminal.step.shares': 'shares',
  'terminal.shares.text': '{clients} shared their secrets in sealed pieces, {time} each',
  'terminal.step.training': 'training',
  'terminal.training.text': '{images} images, {time}',
  'terminal.step.vectors': 'vectors',
  'terminal.vectors.text': '{clients} sent and verified, {bytes} a client, {time} each',
  'terminal.step.unmask': 'unmask',
  'terminal.unmask.text': '{clients} signed who is in and revealed shares; {sum}',
  'terminal.sum.exact': 'the sum is exact, element by element',
  'terminal.sum.different': 'THE SUM DIFFERS from the sum of the inputs',
  'terminal.sum.floats': 'sums of floats',
  'terminal.step.left': 'left',
  'terminal.left.text': { one: '{count} client: {clients}', other: '{count} clients: {clients}' },
  'terminal.step.refused': 'refused',
  'terminal.refused.client': 'client {client} in {phase}: {reason}',
  'terminal.refused.coordinator': 'coordinator in {phase}: {reason}',
  'terminal.step.model': 'model',
  'terminal.model.text': 'accuracy {accuracy}, F1 {f1}, loss {loss}',
  'terminal.step.time': 'time',
  'terminal.time.text': '{time}; protocol {client} a client, {coordinator} coordinator',

  // the result
  'terminal.rounds': { one: '{count} round in {time}', other: '{count} rounds in {time}' },
  'terminal.rounds.partial': {
    one: '{count} of {rounds} rounds in {time}',
    other: '{count} of {rounds} rounds in {time}',
  },
  'terminal.ended': '{rounds}, ended by: {reason}',
  'terminal.aborted':
    'Round {round}, attempt {attempt}, phase {phase}: {got} clients answered, {needed} are needed.',
  'terminal.ended.target': 'target reached',
  'terminal.ended.cancelled': 'cancelled',
  'terminal.in-all': 'In all {time}. Model {digest}, trained by {engine}',
  'terminal.report': 'Report',

  // data sets
  'terminal.dataset.not-installed': 'not installed: run npm start once',
  'terminal.dataset.usable': '{source} can be used. Digest {digest}.',
  'terminal.dataset.images': '{name}: {train} training images, {test} test images',
  'terminal.dataset.held-out': '{images} (held back from the folder, as it has no test images)',
  'terminal.dataset.shape': '{height} x {width} pixels, {colour}, {classes} classes',
  'terminal.dataset.grey': 'grey',
  'terminal.dataset.colour': 'colour',
  'terminal.dataset.class': 'class',
  'terminal.dataset.training': 'training',
  'terminal.dataset.test': 'test',
  'terminal.dataset.digest': 'Digest {digest}',
} as const;
