/** English: differential privacy on the screens, from set-up to the participant's own budget. Part of en.ts. */
export const noiseEnglish = {
  // setting up
  'setup.noise': 'Noise',
  'setup.noise.why':
    'Everyone adds a little random noise before masking (differential privacy). It stays in the sum and in the model, and bounds what these tell of any one person.',
  'setup.noise.cost': 'Costs accuracy, most in small rooms and with large models. Everyone counts the same.',
  'setup.multiplier': 'Noise multiplier z',
  'setup.multiplier.hint': 'Noise in the sum, in clipping norms. More of it: a smaller epsilon.',
  'setup.clipping': 'Clipping norm C',
  'setup.clipping.hint': 'Longer updates are shortened to this length.',
  'setup.adaptive': 'Clipping norm, from round to round',
  'setup.adaptive.off': 'Stays',
  'setup.adaptive.on': 'Follows',
  'setup.adaptive.hint':
    'Following, it goes where a share of the updates is shorter; that share is noised, too.',
  'setup.group.noise': 'Noise in detail',
  'setup.delta.hint': 'Probability left out of epsilon: far below one over the number of people.',
  'setup.quantile': 'Share of updates left whole',
  'setup.quantile.hint': 'The clipping norm follows until so many are shorter.',
  'setup.budget.hint': 'Past this epsilon a client sends nothing more.',
  'setup.weights.noised': 'Under noise all count alike: noise does not hide how many images somebody has.',
  'setup.uncovered.noise':
    'What noise leaves: the model may still give away as much as epsilon allows. The attack lab shows how much that is.',
  'setup.problem.noise.masks': 'With noise they must be on: its noise protects sums of many only.',
  'setup.problem.noise.masks.numbers': 'With noise they must be whole: it is laid out for whole numbers.',
  'setup.way.masks': 'Switch masks on',
  'setup.noise.asking': 'What it comes to is being worked out ...',
  'setup.noise.wrong': 'What it comes to is told once the settings fit together.',
  'setup.noise.epsilon': {
    one: 'epsilon after {count} round, at delta {delta}',
    other: 'epsilon after {count} rounds, at delta {delta}; one round alone: {single}',
  },
  'setup.noise.honest':
    'Epsilon counts on the noise of {honest} out of {clients}: the others may be gone, or collude. When all answer, there is {excess} times as much.',
  'setup.noise.help.people': {
    one: 'At least {count} person',
    other: 'At least {count} people',
  },
  'setup.noise.help.people.go': 'Take {count}',
  'setup.noise.help.people.none': 'More people: not even 500 are enough by themselves',
  'setup.noise.help.less': 'A noise multiplier of {noise}, which leaves an epsilon of {epsilon}',
  'setup.noise.help.less.go': 'Do so',
  'setup.noise.help.model': 'A small model (cnn-small, linear): it bears noise better',
  'noise.harm.much': 'So much noise costs accuracy. What would help:',
  'noise.harm.ruin':
    'So much noise ruins learning: the model will hardly do better than guessing. What would help:',
  'noise.harm.little':
    'So much noise costs little accuracy: where it was measured, two to five points in a hundred.',

  // what it means
  'noise.means':
    'Who sees every model and guesses whether somebody’s data was in it, at even odds, is right {percent} of the time at most; a coin is right 50 %.',
  'noise.means.little':
    'A promise of little: who sees every model and guesses whether somebody’s data was in it, at even odds, may be right more than {percent} of the time; a coin is right 50 %.',
  'noise.bar': 'Noise against the update',
  'noise.bar.most': 'Update, at most',
  'noise.bar.noise': 'Noise',
  'noise.bar.update': 'Update with its noise',
  'noise.bar.caption': 'Length (L2 norm) in the mean update, in clipping norms.',
  'noise.each':
    'Length overstates what noise does: nearly all of it is at right angles to what is learnt. In each number it is {each}, over all rounds {burden}; measured, up to 0.011 costs two to five points in a hundred, 0.02 about seven, and from 0.03 on next to nothing is learnt.',

  // the bar, the figures
  'noise.chip': 'ε {epsilon}',
  'noise.chip.of': 'ε {epsilon} of {planned}',
  'noise.chip.planned': 'ε {planned} in the end',
  'noise.chip.on': 'Noise added',
  'noise.chip.said': 'Noise: epsilon {epsilon} so far, {planned} after all rounds',
  'noise.chip.said.planned': 'Noise: epsilon {planned} after all rounds',
  'watch.noise': 'Noise',
  'noise.round.empty': 'After the first round: how long the noise is beside the update, and epsilon so far.',
  'noise.round': 'Epsilon after round {round}, at delta {delta}',
  'noise.round.planned': '{planned} after all rounds',
  'watch.title.noise': 'Noise',
  'watch.what.noise':
    'Distributed noise: each one adds its own part before masking, so nobody is trusted with it, and nobody ever holds a sum without it. Central noise would be added by the coordinator, who would have seen the sum before.',
  'watch.where.noise':
    'C: the clipping norm, S: steps of rounding, Δ: how much one person can change the sum, z: the multiplier, h: whose noise epsilon counts on; the others may be gone, or collude.',
  'watch.title.noiseless': 'No added noise',
  'watch.what.noiseless':
    'Masks hide every single update. The sum and the finished model are as they are, and may give away what they have learned.',

  // a participant
  'part.budget': 'Your own limit (epsilon)',
  'part.budget.none': 'none',
  'part.budget.hint':
    'For sessions that add noise. Epsilon counts what your updates of these images have told at most, in all sessions; past your limit this laptop sends nothing more. 1 is strict, 8 is lenient.',
  'part.budget.problem': 'It must be a number above 0, and at most 1,000,000; leave it empty for none.',
  'part.join.missing.budget': 'Your limit must be a number above 0, or empty.',
  'part.problem.not-noised': 'This session adds no noise, and you have set a limit.',
  'part.problem.not-noised.hint':
    'Nothing would bound what its sums tell of you. Join without a limit, or ask for a session with noise.',
  'part.problem.not-noised.go': 'Join without a limit',
  'part.spent': 'What my updates may have told',
  'part.spent.of': 'ε {epsilon} of my {budget}',
  'part.spent.free': 'ε {epsilon}, no limit',
  'part.spent.meter': 'Epsilon {epsilon} of {budget} spent',
  'part.spent.planned': 'At delta {delta}, on these images, in all sessions. After all rounds: {planned}.',
  'part.spent.within': {
    one: 'Enough for {count} more round.',
    other: 'Enough for {count} more rounds.',
  },
  'part.spent.charged':
    'Charged in round {round}: at most {clipping} of my update, with {noise} of my own noise (lengths).',
  'part.reached': 'My limit is reached: nothing more leaves this laptop.',
  'part.reached.why':
    'With round {round} epsilon would be {epsilon}, and my limit is {budget} (at delta {delta}). The others go on without me; {spent} has been spent.',

  // results
  'curves.epsilon': 'Epsilon',
  'runs.noise.chip': 'Noise: ε {epsilon} at δ {delta}',
  'runs.noise.off': 'Noise: none',
} as const;
