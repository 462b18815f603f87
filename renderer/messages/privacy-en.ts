/** English: differential privacy in sessions and simulations, on every screen and in reports. Part of en.ts, which has the rules. */
export const privacyEnglish = {
  'setting.noiseMultiplier': 'Noise multiplier',
  'setting.clippingNorm': 'Clipping norm',
  'setting.delta': 'Delta',
  'setting.adaptiveClipping': 'Adaptive clipping',
  'setting.clippingQuantile': 'Clipping quantile',
  'setting.privacyBudget': 'Privacy budget of a client',

  // the command line
  'terminal.privacy': 'Noise',
  'terminal.privacy.value':
    'epsilon {epsilon} at delta {delta} after all rounds; {noise} clipping norms of noise in a mean update, which is one long at most',
  'terminal.privacy.much': 'So much noise costs accuracy. What helps: {helps}.',
  'terminal.privacy.ruin': 'So much noise ruins learning. What helps: {helps}.',
  'terminal.privacy.much.alone': 'So much noise costs accuracy.',
  'terminal.privacy.ruin.alone': 'So much noise ruins learning.',
  'terminal.privacy.either': '{one}, or {other}',
  'terminal.privacy.people': { one: '{count} participant or more', other: '{count} participants or more' },
  'terminal.privacy.less': 'a noise multiplier of {noise}, which leaves an epsilon of {epsilon}',
  'terminal.privacy.model': 'a small model (cnn-small, linear), which bears noise better',
  'terminal.training.untold': '{time}; of how many images, nobody tells',
  'terminal.step.noise': 'noise',
  'terminal.noise.text':
    'epsilon {epsilon} at delta {delta} so far; {noise} of noise in an update of {update} ({excess} times as much as epsilon counts on)',
  'terminal.ended.privacy-budget': 'too few clients had any privacy budget left',
  'session.outcome.privacy-budget': 'too few had any privacy budget left',
  'session.step.noise': 'noise',
  'session.label.privacy': 'Privacy',
  'session.noise':
    'epsilon {epsilon} at delta {delta} so far, for whoever took part all the time; {noise} of noise in an update of {update}',
  'session.privacy.spent':
    'epsilon {epsilon} at delta {delta} spent on this data, in all sessions; no limit of your own',
  'session.privacy.budget':
    'epsilon {epsilon} of your budget of {budget} spent on this data, in all sessions (at delta {delta})',
  'session.privacy.within': {
    one: 'your budget of {budget} is enough for {count} more round',
    other: 'your budget of {budget} is enough for {count} more rounds',
  },
  'session.privacy.own':
    'your update was {norm} long, {clipping} at most are sent, with {noise} of your own noise',
  'session.privacy.reached':
    'Cannot send, as epsilon would be {epsilon} and your budget is {budget} (at delta {delta}). The others go on without you.',

  'code.budget-reached': 'the privacy budget is reached',

  'watch.log.budget-reached':
    'Round {round}: nothing was sent, as epsilon would be {epsilon} and your budget is {budget}.',

  // reports
  'rounds.epsilon': 'Epsilon so far',
  'rounds.noise': 'Noise',
  'rounds.update': 'Update with noise',
  'rounds.not-told': 'not told',
  'rounds.privacy.caption':
    'Epsilon at delta {delta}: what the rounds so far tell, at most, of a client that took part in all of them. Every client adds its part of the noise before it masks (distributed noise): nobody holds a sum without it, the coordinator included. Epsilon counts on the noise of {honest} survivors, the others are taken to collude. Noise and update are L2 norms of the mean update.',
  'banner.noise.much': 'Noise costs accuracy here.',
  'banner.noise.ruin': 'There was too much noise to learn from.',
  'banner.noise.text': {
    one: 'Differential privacy put {noise} clipping norms of noise into a mean update that is one long at most: {each} in each number. More participants would help, less noise, or a small model, which bears it better.',
    other:
      'Differential privacy put {noise} clipping norms of noise into each of {count} mean updates that are one long at most: {each} in each number. More participants would help, less noise, or a small model, which bears it better.',
  },
} as const;
