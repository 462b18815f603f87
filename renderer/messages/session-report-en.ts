/** English: what the report of a session over a network says, beside what every report does. Part of en.ts. */
export const sessionReportEnglish = {
  yes: 'yes',
  no: 'no',
  'report.session': 'Session',
  'report.kept.coordinator': '{title}, as the coordinator’s machine kept it',
  'report.kept.participant': '{title}, as a participant’s machine kept it',
  'report.kept.by': '{title}, as the machine of {name}, number {number}, kept it',

  'finding.participants': '{number} participants',
  'finding.left.session': {
    one: 'Participants were missing from a sum {count} time in all.',
    other: 'Participants were missing from a sum {count} times in all.',
  },
  'finding.stopped': 'Stopped after {done} of {rounds} rounds, at {accuracy} of the test images right.',
  'finding.stopped-early': 'Stopped before the first round ended: there is no model.',
  'finding.gone': 'Left after {done} of {rounds} rounds, at {accuracy} of the test images right.',
  'finding.gone-early': 'Left before the first round ended: there is no model.',
  'finding.unfinished':
    'After {done} of {rounds} rounds {accuracy} of the test images are right; the session has not ended.',
  'finding.unfinished-early': 'The session has not ended, and no round has yet.',

  'banner.partial.stopped': 'The leader stopped the session. The figures are those of the rounds that ended.',
  'banner.empty.stopped': 'The leader stopped the session during the first one, or before.',
  'banner.partial.left':
    'This machine left the session. The figures are those of the rounds until then; the others may have gone on.',
  'banner.empty.left': 'This machine left the session before. The others may have gone on.',
  'banner.partial.unfinished':
    'The session runs still, or was cut short and can go on. The figures are those of the rounds that ended.',
  'banner.empty.unfinished': 'The session runs still, or was cut short and can go on.',
  'banner.not-compared': 'The words were not compared.',
  'banner.not-compared.coordinator':
    'Somebody accepted them unseen, or the session started by itself. Whether these keys are those of the people in the room, nobody knows: somebody in between could have been each of them to the others.',
  'banner.not-compared.participant':
    'At this machine they were accepted unseen. Whether these keys are those of the people in the room, it does not know: somebody in between could have been each of them.',
  'banner.demonstration': 'This was a demonstration.',
  'banner.demonstration.text': 'Everyone had agreed that protections may be off.',

  'results.session.detail': {
    one: 'Over a network, {clients} participants, {count} round',
    other: 'Over a network, {clients} participants, {count} rounds',
  },

  'people.heading': 'Who took part',
  'people.words': 'The words: {words}',
  'people.compared.coordinator': 'Everyone who confirmed has compared these words with the other screens.',
  'people.compared.participant':
    'At this machine they were compared with the other screens. What the others did, it does not know.',
  'people.not-compared.coordinator': 'Not everyone compared these words.',
  'people.not-compared.participant': 'At this machine nobody compared these words.',
  'people.list': { one: '{count} participant', other: '{count} participants' },
  'people.caption':
    'Fingerprint: SHA-256 of the key under which somebody signed. In the sum: rounds whose sum has this participant’s update.',
  'people.number': 'Number',
  'people.name': 'Name',
  'people.own': 'this machine',
  'people.gone': 'no longer in the last roster',
  'people.fingerprint': 'Fingerprint',
  'people.rounds': 'In the sum',
  'people.rounds.value': '{summed} of {rounds}',
  'people.epochs': 'Rosters',
  'people.epochs.caption':
    'Every time that somebody joined or left, the list was closed anew, with new words.',
  'people.epoch': 'Epoch',
  'people.epoch.words': 'Words',
  'people.epoch.members': 'Participants',
  'people.epoch.threshold': 'Needed',
  'people.epoch.compared': 'Compared',
  'people.epoch.unconfirmed': 'never confirmed',

  'rounds.epoch': 'Epoch',
  'rounds.caption.session':
    'How many of the {clients} participants answered in each phase; {threshold} are needed. Whether a sum is that of the updates, no machine of a session can check: it would take everybody’s update.',
  'rounds.caption.session.sparse':
    'How many of the {clients} participants answered in each phase; {threshold} are needed, and {neighbourThreshold} of the {neighbours} neighbours of each. Whether a sum is that of the updates, no machine of a session can check: it would take everybody’s update.',

  'events.dropped.session': {
    one: '{count} participant is missing from the sum',
    other: '{count} participants are missing from the sum',
  },
  'events.outside': 'Outside of the rounds',

  'costs.session.time':
    'A round took {time} by the clock; the coordinator computed for {coordinator} of it, without evaluation.',
  'costs.session.caption':
    'How long the coordinator waited in each phase, by the clock, over all attempts: until the last answer, or until it gave up. Masked input includes training.',
  'costs.session.mean': 'Waited, mean',
  'costs.session.most': 'Waited, most',
  'costs.session.answered': 'Answered',
  'costs.session.of': '{answered} of {awaited}',
  'costs.session.rounds.caption':
    'Total and evaluation: time by the clock. Coordinator: its processor time in the protocol.',

  'protections.session': 'This was a session over a network: everyone’s images stayed on their own machine.',
  'settings.again.session': 'A session like this one',
  'provenance.session': 'Session',
  'provenance.coordinator': 'Key of the coordinator',
  'provenance.data.dealt': '{name}, dealt out; {test} images to test, {classes} classes',
  'provenance.data.own': 'everyone’s own; {test} images of {name} to test, {classes} classes',
} as const;
