/** English: the log of a session. Part of en.ts, which has the rules. */
export const watchLogEnglish = {
  'watch.events': 'Events',
  'watch.events.all': 'All',
  'watch.events.unusual': 'Unusual',
  'watch.events.filter': 'Which events',
  'watch.events.empty': 'What happens is told here, newest first.',
  'watch.events.quiet': 'Nothing unusual: everyone has answered, nothing was refused.',
  'watch.events.round': 'Round {round}',
  'watch.log.keys': {
    one: '{name} has sent two fresh public keys, signed; the signature is good.',
    other: '{count} have sent two fresh public keys each, signed; all signatures are good.',
  },
  'watch.log.keys.unsigned': {
    one: '{name} has sent two fresh public keys.',
    other: '{count} have sent two fresh public keys each.',
  },
  'watch.log.shares': {
    one: '{name} dealt shares: any {threshold} of {total} rebuild a secret, fewer learn nothing.',
    other: '{count} dealt their shares: any {threshold} of {total} rebuild a secret, fewer learn nothing.',
  },
  'watch.log.trained': { one: '{name} has trained.', other: '{count} have trained, {name} the last so far.' },
  'watch.log.masked': {
    one: '{name} has masked and signed the update, and sends it.',
    other: '{count} have masked, signed and sent, {name} the last so far.',
  },
  'watch.log.masked.clear': {
    one: '{name} sends the update, readable.',
    other: '{count} have sent their updates, readable, {name} the last so far.',
  },
  'watch.log.added': 'The signature of {name} is good. Added to the sum.',
  'watch.log.added.unsigned': 'Received from {name}, unsigned, and added to the sum.',
  'watch.log.added.many': {
    one: '{name} is verified and added to the sum.',
    other: '{count} are verified and added to the sum, {name} the last so far.',
  },
  'watch.log.statement': {
    one: '{name} has signed the list of who is in the sum.',
    other: '{count} have signed the same list of who is in the sum.',
  },
  'watch.log.unmask': {
    one: '{name} has revealed shares; nobody reveals both kinds of one person.',
    other: '{count} have revealed shares; nobody reveals both kinds of one person.',
  },
  'watch.log.aggregated': 'The masks cancelled: the sum of {added} updates can be read, none of them alone.',
  'watch.log.aggregated.clear': '{added} updates are added up.',
  'watch.log.evaluated': 'The new model gets {accuracy} of the test images right.',
  'watch.log.dropped.early': {
    one: '{names} did not answer, and is not in this round.',
    other: '{names} did not answer, and are not in this round.',
  },
  'watch.log.dropped.before': {
    one: '{names} left before sending. The pairwise masks can be rebuilt from the shares of any {threshold} others.',
    other:
      '{names} left before sending. Their pairwise masks can be rebuilt from the shares of any {threshold} others.',
  },
  'watch.log.dropped.before.clear': {
    one: '{names} left before sending.',
    other: '{names} left before sending.',
  },
  'watch.log.dropped.after': {
    one: '{names} left after sending. What was sent stays in the sum.',
    other: '{names} left after sending. What they sent stays in the sum.',
  },
  'watch.log.dropped.refused': {
    one: 'Nothing valid has come from {names}: treated as if gone.',
    other: 'Nothing valid has come from {names}: treated as if gone.',
  },
  'watch.log.because': '{sentence} Reason: {reason}.',
  'watch.log.recovered': {
    one: '{names} left before sending; the pairwise masks were rebuilt: {shares} shares came, {needed} were needed.',
    other:
      '{names} left before sending; their pairwise masks were rebuilt: {shares} shares came, {needed} were needed.',
  },
  'watch.log.recovered.refused': {
    one: '{names} was refused; the pairwise masks were rebuilt: {shares} shares came, {needed} were needed.',
    other:
      '{names} were refused; their pairwise masks were rebuilt: {shares} shares came, {needed} were needed.',
  },
  'watch.log.recovered.plain': {
    one: 'The pairwise masks of {names} were rebuilt from shares of the others.',
    other: 'The pairwise masks of {names} were rebuilt from shares of the others.',
  },
  'watch.log.refused.update': 'The update of {name} was refused: {reason}.',
  'watch.log.refused.message': 'A message of {name} was refused: {reason}.',
  'watch.log.refused.stranger': 'A message was refused: {reason}.',
  'watch.log.aborted': 'Attempt {attempt} ended, and nothing was unmasked: {reason}. {next}',
  'watch.log.aborted.few':
    'Attempt {attempt} ended, and nothing was unmasked: {got} answered, {needed} were needed. {next}',
  'watch.log.retried': 'Attempt {attempt}: fresh keys, the same updates.',
  'watch.log.share-missing': '{name} could not open a share of {dealer}: it counts as missing.',
  'watch.log.process-replaced': 'A compute process died and was replaced; its work is done again. {reason}',
  'watch.log.connection-lost': '{name} is not connected any more: {reason}.',
  'watch.log.connection-back': '{name} is connected again.',
  'watch.log.paused': 'Paused.',
  'watch.log.resumed': 'It goes on.',
  'watch.log.fault-drop': 'You make {name} leave.',
  'watch.log.fault-slow': 'You slow {name} down.',
  'watch.log.fault-tamper': 'You change one bit of the next message of {name}, after signing.',
  'watch.log.fault-replay': 'You send an earlier message of {name} in place of the next one.',
  'watch.log.turned-away': '{who} was not let in: {reason}.',
  'watch.log.repeat-asked': 'Round {round} cannot be repeated unasked: everyone is asked.',
  'watch.log.own': '{name}: {what}.',
} as const;
