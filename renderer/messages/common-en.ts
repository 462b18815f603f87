/** English: numbers and people, reports and results, settings. Part of en.ts, which has the rules. */
export const commonEnglish = {
  // numbers and people
  'number-words':
    'Zero,One,Two,Three,Four,Five,Six,Seven,Eight,Nine,Ten,Eleven,Twelve,Thirteen,Fourteen,Fifteen,Sixteen,Seventeen,Eighteen,Nineteen,Twenty',
  points: { one: '{count} point', other: '{count} points' },
  client: 'Client {client}',
  coordinator: 'Coordinator',
  'named-value': '{name}: {value}',
  on: 'on',
  off: 'off',
  none: 'none',
  'and-more-clients': { one: 'and {count} more', other: 'and {count} more' },

  // the report's frame
  'report.comparison': 'Comparison',
  'report.simulation': 'Simulation',
  'report.title': '{kind}, {dataset}, {date}',
  'report.subtitle': '{dataset}, {model} with {parameters} parameters',
  'report.theme': 'Colours',
  'report.theme.system': 'System',
  'report.theme.light': 'Light',
  'report.theme.dark': 'Dark',
  'report.columns': 'Beside this page: {csv} holds one line per round, {json} holds everything.',
  'report.scroll': '{name}: scrolls sideways',

  // the finding
  'finding.clients': '{number} clients',
  'finding.equal-share': '{number} clients with {share} each',
  'finding.unequal': '{number} clients with unequal data',
  'finding.level': '{who} match all the data in one place.',
  'finding.within': '{who} come within {points} of all the data in one place.',
  'finding.ahead': '{who} end {points} above all the data in one place.',
  'finding.behind': '{who} stay {points} below all the data in one place.',
  'finding.worse-than-alone': '{who} do worse together than one of them alone, by {points}.',
  'finding.simulation': '{who} get {accuracy} of the test images right.',
  'finding.target': {
    one: '{who} reach the target of {target} after {count} round.',
    other: '{who} reach the target of {target} after {count} rounds.',
  },
  'finding.cancelled': 'Cancelled after {done} of {rounds} rounds, at {accuracy} of the test images right.',
  'finding.cancelled-early': 'Cancelled before the first round ended: there is no federated result.',
  'finding.aborted':
    'Aborted in round {round} of {rounds}; until then {accuracy} of the test images were right.',
  'finding.aborted-early': 'Aborted in the first round: there is no federated result.',
  'finding.alone': 'One client alone, with {examples} images, gets {accuracy} right.',
  'finding.centralised': 'All the data in one place gets {accuracy} right.',
  'finding.majority': 'Always answering the most frequent class would get {accuracy} right.',
  'finding.masked-and-signed':
    'Every update was masked and signed: the coordinator could read only the sums.',
  'finding.masked-only': 'Every update was masked, none was signed.',
  'finding.signed-only': 'Every update was signed, none was masked.',
  'finding.left': {
    one: 'Clients left {count} time in all.',
    other: 'Clients left {count} times in all.',
  },
  'finding.exact': 'Every unmasked sum equals that of the updates, bit for bit.',
  'finding.exact-despite': 'Every unmasked sum equals that of the updates of those who stayed, bit for bit.',
  'finding.not-exact': {
    one: 'In {count} round the unmasked sum differs from that of the updates: this must not happen.',
    other: 'In {count} rounds the unmasked sum differs from that of the updates: this must not happen.',
  },

  // banners
  'banner.partial': 'This is a partial result.',
  'banner.partial.cancelled':
    'A person stopped the run. The figures are those of the rounds that ended; they do not show what the settings below lead to.',
  'banner.partial.aborted':
    'The protocol ended the run with “{code}”. The figures are those of the rounds before.',
  'banner.empty': 'No round ended.',
  'banner.empty.cancelled':
    'A person stopped the run during the first one, so that there is nothing to show of it.',
  'banner.empty.aborted':
    'The protocol ended the run with “{code}” during the first one, so that there is nothing to show of it.',
  'banner.no-masks': 'The masks were off.',
  'banner.no-masks.text':
    'The coordinator could read every client’s real update. This run shows learning, not protection.',
  'banner.no-signatures': 'The signatures were off.',
  'banner.no-signatures.text':
    'A message that somebody changed, replayed or invented would have been accepted.',
  'banner.not-exact': 'The sums are not exact.',
  'banner.not-exact.text':
    'In rounds {rounds} the unmasked sum is not the sum of the updates. Do not use this model; please report it with the JSON file.',
  'banner.clipped': 'Updates were clipped.',
  'banner.clipped.text':
    'In rounds {rounds} more than one value in 10,000 went beyond the bound {bound} and was cut there: the error bounds below do not cover that.',

  // results
  'results.heading': 'Results',
  'results.caption': 'Accuracy and weighted F1 on the {test} test images.',
  'results.caption.reference': 'Hollow lozenges: the reference values of this experiment.',
  'results.trained-on': 'Trained on',
  'results.images': 'Images',
  'results.accuracy': 'Accuracy',
  'results.f1': 'Weighted F1',
  'results.axis': '{from} to {to}',
  'results.time': 'Time',
  'results.reference': 'reference {value}',
  'results.centralised': 'All the data in one place',
  'results.centralised.detail': { one: 'Centralised, {count} epoch', other: 'Centralised, {count} epochs' },
  'results.single-client': 'One client alone',
  'results.single-client.detail': {
    one: 'A single client, {share}, {count} epoch',
    other: 'A single client, {share}, {count} epochs',
  },
  'results.federated': 'The clients together',
  'results.federated.masked-and-signed': 'Together, masked and signed',
  'results.federated.masked-only': 'Together, masked',
  'results.federated.signed-only': 'Together, signed only',
  'results.federated.detail': {
    one: 'Federated, {clients} clients, {count} round',
    other: 'Federated, {clients} clients, {count} rounds',
  },
  'results.majority': 'Always the most frequent class',
  'results.majority.detail': 'No training: what guessing gets',

  // curves
  'curves.heading': 'How they got there',
  'curves.heading.simulation': 'How it got there',
  'curves.accuracy': 'Accuracy',
  'curves.f1': 'Weighted F1',
  'curves.loss': 'Loss',
  'curves.accuracy.caption': 'Share of the test images read right',
  'curves.f1.caption': 'F1 of each class, weighted by its size',
  'curves.loss.caption': 'Mean cross-entropy on the test images',
  'curves.loss.caption.other': 'Mean cross-entropy on the test images; trained with another loss: {loss}',
  'curves.axis': 'round, or epoch',
  'curves.axis.round': 'round',
  'curves.centralised': 'one place',
  'curves.single-client': 'one client',
  'curves.federated': 'together',
  'curves.alt': '{metric} by {axis}. {series}',
  'curves.alt.series': '{name}: from {first} to {last}.',
  'curves.table': 'The curves as numbers',
  'curves.round': 'Round',
  'curves.epoch-or-round': 'Round or epoch',

  // confusion
  'confusion.heading': 'Which classes are confused',
  'confusion.caption':
    'Errors of the last round on the test images: rows are the true class, columns what was read. The stronger the tone, the more; right answers are the dots.',
  'confusion.alt': {
    one: 'Confusion matrix: {count} error; the largest: {largest}.',
    other: 'Confusion matrix: {count} errors; the largest: {largest}.',
  },
  'confusion.alt.none': 'Confusion matrix: no error.',
  'confusion.true': 'true',
  'confusion.read': 'read as',
  'confusion.too-large':
    'With {classes} classes the matrix is too large for a picture; it is in the JSON file.',
  'confusion.largest': 'Most frequent errors',
  'confusion.largest.item': '{true} read as {predicted}',
  'confusion.largest.count': '{errors} of {total}',
  'confusion.no-errors': 'Not one test image was read wrong.',
  'confusion.classes': 'Every class',
  'confusion.class': 'Class',
  'confusion.images': 'Images',
  'confusion.recall': 'Recall',
  'confusion.precision': 'Precision',
  'confusion.f1': 'F1',
  'confusion.classes.caption':
    'Recall: share of the class’s images that were read right. Precision: share of the answers with this class that were right.',

  // rounds
  'rounds.heading': 'What happened in each round',
  'rounds.caption':
    'How many of the {clients} clients answered in each phase; {threshold} are needed. The sum is compared with that of the updates, element by element, which only a simulation can do.',
  'rounds.caption.sparse':
    'How many of the {clients} clients answered in each phase; {threshold} are needed, and {neighbourThreshold} of the {neighbours} neighbours of each. The sum is compared with that of the updates, element by element, which only a simulation can do.',
  'rounds.round': 'Round',
  'rounds.attempts': 'Attempts',
  'rounds.advertised': 'Keys',
  'rounds.shared': 'Shares',
  'rounds.masked': 'Masked',
  'rounds.masked.off': 'Sent',
  'rounds.unmasked': 'Revealed',
  'rounds.dropped': 'Left',
  'rounds.refused': 'Refused',
  'rounds.sum': 'Sum',
  'rounds.sum.exact': 'exact',
  'rounds.sum.different': 'differs',
  'rounds.sum.unchecked': 'not quantised',
  'rounds.error': 'Largest error',
  'rounds.bound': 'Proven bound',
  'rounds.clipped': 'Clipped',
  'rounds.error.caption':
    'Largest error: the furthest that one weight of the average lies from the average without quantisation. Quantised to {bits} bits, so that a step is {step}.',
  'rounds.error.caption.off':
    'Without quantisation the sum is one of floating-point numbers: it has no exact value to compare with.',
  'rounds.more': {
    one: '{count} more round is in the CSV file.',
    other: '{count} more rounds are in the CSV file.',
  },

  // costs
  'costs.heading': 'Time and traffic',
  'costs.caption':
    'Mean of a round. Processor time of one client and of the coordinator, without training; bytes that one client sends and receives, everything included.',
  'costs.phase': 'Phase',
  'costs.client': 'Time, a client',
  'costs.coordinator': 'Time, the coordinator',
  'costs.sent': 'Sent, a client',
  'costs.received': 'Received, a client',
  'costs.total': 'A round',
  'costs.traffic':
    'A client sends {ratio} times the model in 32-bit floats ({model}) in a round, and receives {down} times.',
  'costs.time':
    'In a round the clients train for {train}; the protocol costs each of them {client} and the coordinator {coordinator}.',
  'costs.share': 'Training steps filled {share} of cores × time.',
  'costs.rounds': 'Time and traffic of each round',
  'costs.rounds.caption':
    'Training, evaluation and total: time by the clock. Client and coordinator: processor time in the protocol.',
  'costs.train': 'Training',
  'costs.evaluate': 'Evaluation',
  'costs.all': 'Total',
  'costs.up': 'Sent, mean',
  'costs.up.max': 'Sent, most',
  'costs.down': 'Received, mean',
  'costs.down.max': 'Received, most',

  // phases of the protocol
  'phase.advertise-keys': 'Advertise keys',
  'phase.share-keys': 'Share keys',
  'phase.train': 'Train',
  'phase.masked-input': 'Masked input',
  'phase.statement': 'Statement',
  'phase.unmask': 'Unmask',
  'phase.aggregate': 'Aggregate',
  'phase.evaluate': 'Evaluate',

  // events
  'events.heading': 'Who left, what was recovered, what was refused',
  'events.quiet': 'In every round everyone answered, and nothing was refused.',
  'events.quiet-rounds': {
    one: 'In round {rounds} everyone answered, and nothing was refused.',
    other: 'In rounds {rounds} everyone answered, and nothing was refused.',
  },
  'events.round': 'Round {round}',
  'events.dropped': { one: '{count} client left', other: '{count} clients left' },
  'events.recovered': {
    one: 'the masks of {count} were rebuilt from shares',
    other: 'the masks of {count} were rebuilt from shares',
  },
  'events.refused': { one: '{count} message was refused', other: '{count} messages were refused' },
  'events.retried': { one: '{count} new attempt', other: '{count} new attempts' },
  'events.aborted': { one: 'one attempt was aborted', other: '{count} attempts were aborted' },
  'events.share-missing': {
    one: '{count} share could not be opened by its holder',
    other: '{count} shares could not be opened by their holders',
  },
  'events.replaced': {
    one: '{count} compute process died and was replaced',
    other: '{count} compute processes died and were replaced',
  },
  'events.joint': '{first}; {second}',
  'events.who': 'Who left: {clients}.',
  'events.list': { one: '{count} event', other: '{count} events' },
  'events.more': { one: 'and {count} more in the JSON file', other: 'and {count} more in the JSON file' },
  'events.more-rounds': {
    one: 'Something happened in {count} more round: it is in the JSON file.',
    other: 'Something happened in {count} more rounds: they are in the JSON file.',
  },
  'events.column.who': 'Who',
  'events.column.what': 'What',
  'events.column.phase': 'Phase',
  'events.column.detail': 'Detail',
  'event.dropped': 'left',
  'event.recovered': 'masks rebuilt from shares',
  'event.refused': 'message refused',
  'event.retried': 'new attempt',
  'event.aborted': 'attempt aborted',
  'event.share-missing': 'could not open a share',
  'event.process-replaced': 'compute process replaced',

  // protections
  'protections.heading': 'What the protections do, and what not',
  'protections.do.masked-and-signed':
    'The coordinator sees only the sum of the updates{even}, and a message that somebody changed, replayed or invented is refused.',
  'protections.do.masked-only':
    'The coordinator sees only the sum of the updates{even}, as long as it follows the protocol: without signatures it could pose as any client.',
  'protections.do.signed-only':
    'A message that somebody changed, replayed or invented is refused, but the coordinator reads every real update.',
  'protections.do.none':
    'Nothing is protected: the coordinator reads every real update, and anybody between could change it.',
  'protections.even': {
    one: ', even with {count} client in league with it',
    other: ', even with up to {count} of the clients in league with it',
  },
  'protections.even.share': ', even with up to {share} of the clients in league with it',
  'protections.not':
    'They do not hide what the sums and the trained model themselves give away, they do not stop a client from sending a harmful update that it signs itself, and they do not help on a machine that somebody else controls.',
  'protections.simulation':
    'This was a simulation: all parties ran on one machine, which could read everything.',

  // settings
  'settings.heading': 'Settings',
  'settings.caption': 'Marked with a lozenge: differs from the default.',
  'settings.caption.all-default': 'All are the defaults.',
  'settings.default': 'default {value}',
  'settings.automatic': 'automatic',
  'settings.again': 'The same run again',
  'setting.clients': 'Clients',
  'setting.rounds': 'Rounds',
  'setting.dataset': 'Data',
  'setting.partition': 'Partition',
  'setting.epochs': 'Local epochs',
  'setting.batch': 'Batch size',
  'setting.learningRate': 'Learning rate',
  'setting.model': 'Model',
  'setting.seed': 'Seed',
  'setting.threshold': 'Threshold',
  'setting.masks': 'Masks',
  'setting.signatures': 'Signatures',
  'setting.quantisation': 'Quantisation',
  'setting.keyAgreement': 'Key agreement',
  'setting.graph': 'Graph of masks',
  'setting.drop': 'Share that leaves a round',
  'setting.dropAt': 'Leaves at',
  'setting.examplesPerClient': 'Images per client',
  'setting.weights': 'Weights of the average',
  'setting.fraction': 'Client fraction',
  'setting.optimizer': 'Client optimiser',
  'setting.momentum': 'Momentum',
  'setting.prox': 'FedProx term',
  'setting.loss': 'Loss',
  'setting.labelSmoothing': 'Label smoothing',
  'setting.focalGamma': 'Focal gamma',
  'setting.serverOptimizer': 'Server optimiser',
  'setting.aggregation': 'Rule of aggregation',
  'setting.target': 'Target accuracy',
  'setting.tolerate': 'Corrupt / leaving, %',
  'setting.engine': 'Engine',
  'setting.rsaBits': 'RSA key, bits',
  'setting.language': 'Language',
  'setting.processes': 'Compute processes',

  // losses that clients train with, within a sentence
  'loss.cross-entropy': 'cross-entropy, label smoothing {smoothing}',
  'loss.squared-error': 'squared error',
  'loss.focal': 'focal, γ {gamma}',

  // provenance
  'provenance.heading': 'Where it comes from',
  'provenance.started': 'Started',
  'provenance.took': 'Took',
  'provenance.masquerade': 'Masquerade',
  'provenance.node': 'Node',
  'provenance.platform': 'System',
  'provenance.processor': 'Processor',
  'provenance.processor.cores': { one: '{processor}, {count} core', other: '{processor}, {count} cores' },
  'provenance.engine': 'Engine',
  'provenance.engine.value': {
    one: '{engine}, {variant}, {count} process',
    other: '{engine}, {variant}, {count} processes',
  },
  'provenance.data': 'Data',
  'provenance.data.value': '{name}: {train} images to train on, {test} to test, {classes} classes',
  'provenance.data.digest': 'Data, SHA-256',
  'provenance.architecture': 'Architecture, SHA-256',
  'provenance.model': 'Trained model, SHA-256',
  'provenance.model.none': 'no round ended',
  'provenance.graph': 'Graph of masks',
  'provenance.graph.complete': 'complete, threshold {threshold}',
  'provenance.graph.sparse':
    'sparse, {neighbours} neighbours, {neighbourThreshold} needed; {threshold} clients in all',
  'provenance.quantisation': 'Quantisation',
  'provenance.quantisation.value': '{bits} bits, clipped at {clip}',
  'provenance.mnist': 'MNIST: Yann LeCun and Corinna Cortes, licence CC BY-SA 3.0.',
  'provenance.fonts': 'Type: Piazzolla, Source Sans 3, Atkinson Hyperlegible Mono (SIL Open Font License).',
} as const;
