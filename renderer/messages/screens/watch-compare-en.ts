/** English: a comparison under way. Part of en.ts, which has the rules. */
export const watchCompareEnglish = {
  'watch.compare.stage': 'The three rows',
  'watch.compare.head.centralised': 'All the data in one place: training.',
  'watch.compare.head.single-client': 'One client alone: training.',
  'watch.compare.head.federated': 'The clients together: round {round} of {rounds}.',
  'watch.compare.head.both': 'All the data in one place, and one client alone: training.',
  'watch.compare.score': '{name}: {accuracy}',
  'watch.compare.join': '; ',
  'watch.compare.time': 'about {time} left',
  'watch.compare.curves': 'Accuracy',
  'watch.compare.axis': 'epoch or round',
  'watch.compare.curves.none': 'Accuracy by epoch or round: nothing is finished yet',
  'watch.compare.stop.nothing': 'No row is finished yet: there would be nothing to report.',
  'watch.compare.stop.kept': {
    one: '{count} row is finished, and is kept. What is under way would be lost.',
    other: '{count} rows are finished, and are kept. What is under way would be lost.',
  },
  'watch.compare.images': { one: '{count} image', other: '{count} images' },
  'watch.compare.head.begin': 'The comparison begins.',
  'watch.compare.head.ended': 'The comparison is done.',
  'watch.compare.head.stopped': 'Stopped; the finished rows are kept.',
  'watch.compare.lead':
    'The same model three times: with all the data, with one client’s, and with everyone’s without moving any.',
  'watch.compare.waiting': 'waits',
  'watch.compare.left': '{speed}, about {time} left',
  'watch.compare.clients': 'Watch the clients',
  'watch.compare.rows': 'Back to the rows',
} as const;
