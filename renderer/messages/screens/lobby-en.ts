/** English: the lobby and the words, at the coordinator. Part of en.ts, which has the rules. */
export const lobbyEnglish = {
  // the bar over every session
  'lobby.bar.rounds': { one: '{count} round', other: '{count} rounds' },
  'lobby.bar.described': '{dataset}, {model} with {parameters} parameters, {rounds}',
  'lobby.bar.demonstration': 'Demonstration: protections may be off',
  'lobby.bar.signed': 'Signed',
  'lobby.bar.unsigned': 'Not signed',
  'lobby.bar.masked': 'Masked',
  'lobby.bar.masked.threshold': 'Masked, {threshold} of {people} to unmask',
  'lobby.bar.unmasked': 'Not masked: updates can be read',
  'lobby.bar.noise': 'No added noise',
  'lobby.end': 'Close session',
  'lobby.end.sure': 'Close the session?',
  'lobby.end.lost': {
    one: '{count} person is in. The session ends for them, and cannot go on later.',
    other: '{count} people are in. The session ends for them, and cannot go on later.',
  },

  // how to join
  'lobby.join': 'Join with this code',
  'lobby.join.named': 'Join “{title}”',
  'lobby.join.how': 'Or scan it; or pick the session on your own screen.',
  'lobby.join.closed': 'Closed. Reopen it for latecomers.',
  'lobby.join.soon': 'The code comes in a moment.',
  'lobby.code': 'The join code: {code}',
  'lobby.no-code': 'This machine has no address that fits a code: send the link, or let them scan.',
  'lobby.copy': 'Copy link',
  'lobby.copied': 'The link is on the clipboard.',
  'lobby.not-copied': 'The clipboard cannot be used here. The link: {link}',
  'lobby.file': 'Save as a file',
  'lobby.large': 'Show large',
  'lobby.qr': 'QR code of the join link',
  'lobby.address': 'Address',
  'lobby.key': 'This machine’s key',

  // who is here
  'lobby.people': 'Participants',
  'lobby.opening': 'The session is opening.',
  'lobby.opening.lead': 'Images and model are loaded; then the code appears.',
  'lobby.empty': 'Nobody is here yet.',
  'lobby.empty.lead': 'It takes three. Put the code on the wall: press P for the projector.',
  'lobby.open': { one: '{count} is in.', other: '{count} are in.' },
  'lobby.open.free': { one: 'One seat is free.', other: '{count} seats are free.' },
  'lobby.open.few': 'It takes three. They appear here by themselves.',
  'lobby.open.lead': 'Close the lobby when the room is complete.',
  'lobby.locked.lead': 'Nobody else gets in. Whoever is in stays.',
  'lobby.survives.none': 'Nobody may leave during a round.',
  'lobby.survives': {
    one: 'One may leave during a round.',
    other: 'Up to {count} may leave during a round.',
  },
  'lobby.drawing': 'The words are being drawn.',
  'lobby.drawing.lead': 'Every laptop adds its part, so that nobody can choose them.',
  'lobby.closed': {
    one: 'The lobby is closed: {count} is in.',
    other: 'The lobby is closed: {count} are in.',
  },
  'lobby.compared.all': {
    one: 'All {count} read the same words.',
    other: 'All {count} read the same words. Do you?',
  },
  'lobby.compared.names': {
    one: '{names} is still looking at the words.',
    other: '{names} are still looking at the words.',
  },
  'lobby.compared.none': 'Nobody has answered yet.',
  'lobby.differs': { one: '{names} reads other words.', other: '{names} read other words.' },
  'lobby.differs.lead':
    'Or counts other people: somebody may stand between that laptop and this one. Compare fingerprints, remove who does not belong, and close the lobby again.',
  'lobby.reopened': 'The lobby is open again.',
  'lobby.reopened.lead': 'Whoever was in comes back by itself. Close it again for new words.',
  'lobby.free': 'free',
  'lobby.free.more': { one: '{count} more free', other: '{count} more free' },
  'lobby.waiting': {
    one: '{count} more waits outside. Reopen the lobby to let them in: new words.',
    other: '{count} more wait outside. Reopen the lobby to let them in: new words.',
  },
  'lobby.seat.known': 'met before',
  'lobby.seat.away': 'away',
  'lobby.seat.comparing': 'comparing',
  'lobby.seat.same': 'reads the same words',
  'lobby.seat.unseen': 'did not look',
  'lobby.seat.differs': 'other words',
  'lobby.lock': 'Let nobody else in',
  'lobby.unlock': 'Let others in',
  'lobby.close': 'Close the lobby',
  'lobby.close.again': 'Close the lobby again',
  'lobby.reopen': 'Reopen',
  'lobby.remove': 'Remove {name}',
  'lobby.remove.sure': 'Remove {name}?',
  'lobby.remove.lost': 'Whoever is removed cannot come back into this session.',
  'lobby.remove.lost.words':
    'Whoever is removed cannot come back into this session. The words stand for the list as it is: reopen the lobby afterwards, for new ones.',

  // the words
  'lobby.words': 'Words to compare',
  'lobby.words.soon': 'Four words will appear here.',
  'lobby.words.when': 'The room gets them when the lobby closes.',
  'lobby.words.stand-for':
    'They stand for this exact list of people: nobody can be swapped. Count them, too.',
  'lobby.words.drawing': 'Four words are on their way.',
  'lobby.words.drawing.hint': 'They appear on every screen at once.',
  'lobby.words.question': {
    one: 'Does everyone read these four words, and count {count}?',
    other: 'Does everyone read these four words, and count {count} people?',
  },
  'lobby.words.meaning': {
    one: 'The same words on every screen: the same people, and nobody in between.',
    other: 'The same words on all {count} screens: the same {count} people, and nobody in between.',
  },
  'lobby.start': 'Start',
  'lobby.start.with': { one: 'Start with {count}', other: 'Start with {count}' },
  'lobby.start.first': 'Close the lobby first.',
  'lobby.start.comparing': { one: '{count} is still comparing.', other: '{count} are still comparing.' },
  'lobby.start.all': 'If you read the same words, too.',
  'lobby.start.starting': 'Starting ...',
  'lobby.start.without': {
    one: 'Start without waiting: {count} has compared',
    other: 'Start without waiting: {count} have compared',
  },

  // what went wrong
  'lobby.problem.too-few-members': 'The lobby could not be closed: fewer than three answered.',
  'lobby.problem.too-few-members.hint': 'Wait until three or more are here, and close it again.',
  'lobby.problem.draws-exhausted':
    'The lobby could not be closed: people kept vanishing while the words were drawn.',
  'lobby.problem.draws-exhausted.hint': 'Close it again.',
  'lobby.problem.parameters-impossible':
    'The lobby could not be closed: the settings do not fit so many people.',
  'lobby.problem.parameters-impossible.hint':
    'Change how many there are, or close the session and open one with other settings.',
} as const;
