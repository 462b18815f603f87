/** English: what coordinate, join and sessions print. Part of en.ts, which has the rules. */
export const sessionEnglish = {
  // labels, one column; those of a round's steps are indented
  'session.label.session': 'Session',
  'session.label.code': 'Code',
  'session.label.link': 'Link',
  'session.label.address': 'Address',
  'session.label.key': 'Key',
  'session.label.lobby': 'Lobby',
  'session.label.words': 'Words',
  'session.label.here': 'Back',
  'session.label.gone': 'Gone',
  'session.label.refused': 'Refused',
  'session.label.asked': 'Question',
  'session.label.leader': 'Leader',
  'session.label.data': 'Data',
  'session.label.connected': 'Connected',
  'session.label.lost': 'Lost',
  'session.label.waiting': 'Waiting',
  'session.label.note': 'Note',
  'session.label.error': 'Problem',
  'session.label.end': 'End',
  'session.label.model': 'Model',
  'session.step.training': 'training',
  'session.step.keys': 'keys',
  'session.step.shares': 'shares',
  'session.step.masked': 'masked',
  'session.step.signed': 'signed',
  'session.step.revealed': 'revealed',
  'session.step.left': 'left',
  'session.step.recovered': 'recovered',
  'session.step.refused': 'refused',
  'session.step.aborted': 'aborted',
  'session.step.sum': 'sum',
  'session.step.model': 'model',
  'session.step.time': 'time',
  'session.step.held': 'waits',

  // opening, lobby, words
  'session.listening': '{session}, open to all who have the code',
  'session.listening.again': '{session}, goes on where it was cut short',
  'session.no-code': 'none, as this machine has no IPv4 address: use the link',
  'session.lobby': { one: '{count} participant', other: '{count} participants' },
  'session.lobby.locked': '{participants}; nobody else is let in',
  'session.lobby.empty': 'nobody is here yet',
  'session.lobby.new': '{name} is here ({fingerprint})',
  'session.lobby.known': '{name} is here, known from earlier ({fingerprint})',
  'session.lobby.waits': '{name} waits for the next epoch ({fingerprint})',
  'session.list.confirmed': 'confirmed',
  'session.list.offline': 'not connected',
  'session.roster.members': { one: '{count} participant', other: '{count} participants' },
  'session.roster.own': '{participants}; you are number {number}',
  'session.roster.compare': 'Every screen must show these words, in this order, and this number.',
  'session.confirmed': '{name} sees the same',
  'session.confirmed.unseen': '{name} accepts them unseen',
  'session.differs': '{name} SEES SOMETHING ELSE',

  // rounds
  'session.round': 'Round {round} of {rounds}',
  'session.round.again': 'Round {round} of {rounds}, attempt {attempt}',
  'session.training': {
    one: '{count} participant trains; it has {time} at most',
    other: '{count} participants train; they have {time} at most',
  },
  'session.awaited': '{phase}: {answered} of {awaited}',
  'session.held': 'before “{phase}”; goes on when you type: next',
  'session.left': '{name}, in “{phase}”',
  'session.left.why': '{name}, in “{phase}” ({reason})',
  'session.recovered': '{name}: the masks, from shares that the others hold',
  'session.refused': '{name}, in “{phase}”: {reason}',
  'session.share-missing': '{name} could not open a share',
  'session.aborted': 'attempt {attempt}: {reason}; {retry}',
  'session.retry.allowed': 'tried again with fresh keys',
  'session.retry.same-survivors': 'tried again, with the same participants only',
  'session.retry.burnt': 'not tried again without everyone’s consent',
  'session.sum': '{masked} of {participants} are in it; {signed} signed who is',
  'session.model': 'accuracy {accuracy}, F1 {f1}, loss {loss}',
  'session.time': '{time}; the coordinator computed for {coordinator}',
  'session.keys': 'two fresh pairs, for this attempt only',
  'session.shares': 'the secrets behind the masks, dealt out in sealed pieces',
  'session.masked': '{bytes} sent; alone they say nothing',
  'session.masked.demonstration': '{bytes} sent; in a demonstration they may be readable',
  'session.signed': {
    one: 'who is in the sum: {count} participant',
    other: 'who is in the sum: {count} participants',
  },
  'session.revealed': 'one share of each, so that the sum can be read',
  'session.coordinator': 'the coordinator',
  'session.number': 'number {number}',

  // people and network
  'session.turned-away': '{who}: {reason}',
  'session.because': '{name} ({reason})',
  'session.repeat-asked': 'Round {round} cannot be repeated unasked: everyone is asked',
  'session.ballot': {
    one: 'The leader asks the room about {count} picture: answers are given in the window',
    other: 'The leader asks the room about {count} pictures: answers are given in the window',
  },
  'session.repeat.failed':
    'Round {round} failed after some had signed who is in it. May there be one more sum over the same model?',
  'session.repeat.risk':
    'Compared with what the coordinator has, it may give away the update of whoever is missing.',
  'session.joined': {
    one: '{title}: you are {name}; {count} round',
    other: '{title}: you are {name}; {count} rounds',
  },
  'session.aggregation': 'The coordinator looks at each update by itself: {rule}',
  'session.loss': 'You are asked to train with another loss than usual: {loss}',
  'session.demonstration': 'A DEMONSTRATION: protections may be off',
  'session.data.dealt': {
    one: '{count} image of {dataset}, dealt to you; it stays on this machine',
    other: '{count} images of {dataset}, dealt to you; they stay on this machine',
  },
  'session.data.own': {
    one: '{count} image of your own, {dataset}; it stays on this machine',
    other: '{count} images of your own, {dataset}; they stay on this machine',
  },
  'session.data.drawings': {
    one: '{count} of them is a drawing of yours',
    other: '{count} of them are drawings of yours',
  },
  'session.disconnected': '{reason}',
  'session.disconnected.retry': '{reason}; next try in {time}',
  'session.waiting.running': 'rounds are being played: you are let in with the next epoch',
  'session.paused': 'The leader has paused the session.',
  'session.resumed': 'The session goes on.',

  // the end
  'session.outcome.finished': 'all rounds are done',
  'session.outcome.target': 'the target accuracy is reached',
  'session.outcome.stopped': 'stopped by the leader',
  'session.outcome.left': 'you have left',
  'session.outcome.unfinished': 'not ended: it can go on',
  'session.final': 'after round {round}, accuracy {accuracy}',
  'session.final.unknown': 'after round {round}',
  'session.not-compared': 'The words were not compared: whose keys these are, nobody made sure of.',

  // what a person is asked and told
  'session.ask.words': 'Are the words and the number of participants the same on every screen? (yes/no)',
  'session.ask.repeat': 'Allow one more sum over this model? (yes/no)',
  'session.looking': 'Looking for sessions on the local network ...',
  'session.found': 'Found: {title}',
  'session.ending': 'Ending the session. Ctrl-C once more leaves at once; --resume goes on later.',
  'session.leaving': 'Leaving the session.',
  'session.unknown-command': 'Cannot do “{line}”.',
  'session.unknown-number': 'Cannot remove {number}: it must be a number of the list. Type: list',
  'session.bad-deadline': 'Cannot change the deadline. Type: deadline SECONDS, or: deadline auto',
  'session.commands': `Type while it runs:
  close           closes the list; the words are drawn from those who are in it
  yes, no         the words are the same on every screen, or they are not
  start           starts with those who have confirmed
  list            who is here
  lock, unlock    lets nobody else in, or lets them in again
  remove NUMBER   removes somebody (the number of the list)
  pause, resume   between two rounds
  step, full      every phase waits for: next; or none does
  next            lets the phase go that waits
  deadline 30     every phase waits 30 seconds; deadline auto: as long as it takes most
  stop            ends the session`,

  // sessions list, show, export, delete
  'sessions.none': 'This machine has no sessions yet.',
  'sessions.column.session': 'Session',
  'sessions.column.title': 'Title',
  'sessions.column.role': 'Role',
  'sessions.column.state': 'State',
  'sessions.column.started': 'Started',
  'sessions.column.rounds': 'Rounds',
  'sessions.column.accuracy': 'Accuracy',
  'sessions.column.people': 'People',
  'sessions.column.compared': 'Compared',
  'sessions.role.coordinator': 'coordinator',
  'sessions.role.participant': 'participant',
  'sessions.state.lobby': 'lobby',
  'sessions.state.running': 'cut short',
  'sessions.state.finished': 'finished',
  'sessions.state.stopped': 'stopped',
  'sessions.state.aborted': 'aborted',
  'sessions.took': '{started}, for {time}',
  'sessions.compared': 'compared',
  'sessions.not-compared': 'NOT COMPARED',
  'sessions.words': '{words} ({compared})',
  'sessions.epoch': 'Epoch {epoch}',
  'sessions.member': '{number}  {name}  {fingerprint}',
  'sessions.rounds': 'Rounds',
  'sessions.phases': 'Time, by the clock',
  'sessions.phase': 'mean {mean}, most {most}, {answered} of {awaited} answered',
  'sessions.events': 'Unusual',
  'sessions.no-events': 'nothing: everyone answered, nothing was refused',
  'sessions.more': { one: 'and {count} more (export has it)', other: 'and {count} more (export has them)' },
  'sessions.audit': 'Audit file',
  'sessions.no-model': 'No round has ended: there is no model to write.',
  'sessions.no-audit': 'The session has not ended: there is no audit file to write.',
  'sessions.sure': 'Delete {title} ({session}), with its history and models? (yes/no)',
  'sessions.sure.open':
    '{title} ({session}) has not ended. Deleted, it can never go on, and its participants wait in vain. Delete it? (yes/no)',
  'sessions.deleted': 'Deleted: {title}',

  // notes
  'note.waiting-for-members': 'Waiting: {present} participants are connected, {needed} are needed.',
  'note.more-refused': {
    one: '{count} more was refused in that second.',
    other: '{count} more were refused in that second.',
  },
  'note.images-left-out': {
    one: '{count} image makes room for your drawings ({drawings}): nobody may train on more than {most}.',
    other: '{count} images make room for your drawings ({drawings}): nobody may train on more than {most}.',
  },
  'note.drawings-left-out': {
    one: '{count} older drawing stays out: nobody may train on more than {most}.',
    other: '{count} older drawings stay out: nobody may train on more than {most}.',
  },
  'note.engine': 'Trains with {engine}.',
  'note.moving-statistics':
    'The model has batch normalisation: {count} of its numbers are means and variances that each machine’s own data give, and are part of every update.',
  'note.left-attempt': 'This machine is out of the attempt: {reason}.',
  'note.discovery-blocked':
    'Sessions on this network cannot be found by themselves ({reason}); the code and the link work.',
  'note.coordinator-away': 'The coordinator has left for now; this machine waits for it.',

  // problems, and what to do
  'problem.coordinator.words-differ':
    'The words differ: somebody sees others, or another number of participants.',
  'problem.coordinator.hint.words-differ':
    'Find out who. Somebody may be in between. Then close the list again: close',
  'problem.coordinator.too-few-members': 'The list cannot be closed: fewer than three participants answered.',
  'problem.coordinator.hint.too-few-members': 'Wait until three or more are here, then: close',
  'problem.coordinator.draws-exhausted':
    'The list cannot be closed: participants kept vanishing while the words were drawn.',
  'problem.coordinator.hint.draws-exhausted': 'Close it again: close',
  'problem.coordinator.parameters-impossible':
    'The list cannot be closed: the settings do not fit so many participants.',
  'problem.coordinator.hint.parameters-impossible':
    'Change how many there are, or end the session and begin with other settings.',
  'problem.participant.words-differ':
    'You said that the words or the number differ: this machine takes no part.',
  'problem.participant.hint.words-differ': 'Tell the leader. Somebody may be in between.',
  'problem.participant.too-few-changes':
    'This machine does not enter this epoch: too few joined or left, so that sums could be compared.',
  'problem.participant.hint.too-few-changes':
    'Tell the leader: joins and leaves are taken up together, from three on.',
  'problem.participant.lobby': 'This machine is not in this epoch: {reason}.',
  'problem.participant.hint.lobby':
    'The list that the coordinator showed does not hold together. Ask the leader to close it again.',

  // codes, in words
  'code.lost': 'the connection broke',
  'code.silent': 'no sign of life',
  'code.unproven': 'did not prove its key in time',
  'code.misbehaved': 'does not keep to the protocol',
  'code.congested': 'too slow to receive',
  'code.overcrowded': 'too many connections',
  'code.identity-in-use': 'the same key is connected already',
  'code.refused': 'not let in',
  'code.session-over': 'the session is over',
  'code.closing': 'said goodbye',
  'code.bad-signature': 'the signature is wrong',
  'code.below-threshold': 'too few participants',
  'code.neighbourhood-starved': 'somebody has too few neighbours left',
  'code.survivors-differ': 'others are missing than those who were signed for',
  'code.shares-missing': 'too few shares came',
  'code.unmasking-failed': 'the masks could not be rebuilt',
  'code.aggregate-implausible': 'no honest participants can have this sum',
  'code.cancelled': 'cancelled',
  'code.round-burnt': 'the round could not be repeated',
  'code.too-few-members': 'fewer than three participants answered',
  'code.draws-exhausted': 'participants kept vanishing while the words were drawn',
  'code.roster-refused': 'the list is not one that could be confirmed',
  'code.acknowledgement-differs': 'somebody has been shown another list',
  'code.opening-differs': 'a number for the words is not the one that was promised',
  'code.parameters-impossible': 'the settings do not fit so many participants',
  'code.words-differ': 'the words differ',
  'code.coordinator-lost': 'the coordinator did not come back',
  'code.removed': 'removed by the leader',
  'code.own-doing': 'left by itself',
  'code.timeout': 'no answer in time',
  'code.not-connected': 'not connected',
} as const;
