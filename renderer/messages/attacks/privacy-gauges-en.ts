/** English: texts of the attack privacy-gauges. Part of attacks/en.ts. */
export const privacyGaugesEnglish = {
  'attack.privacy-gauges.title': 'Two gauges',
  'attack.privacy-gauges.question': 'The attack stopped. Are you protected?',
  'attack.privacy-gauges.method':
    'Clipping and noise: what the attack still reads, and what is proven against every attack',
  'attack.privacy-gauges.target': {
    one: '{count} person, one image and one gradient; a model trained by {clients} people under the same noise, rounds: {rounds}',
    other:
      '{count} people, one image and one gradient each; a model trained by {clients} people under the same noise, rounds: {rounds}',
  },

  // verdicts
  'attack.privacy-gauges.leaks.none': 'No. Without noise the images come back.',
  'attack.privacy-gauges.leaks': 'No. The attack did not even stop: so little noise hides nothing.',
  'attack.privacy-gauges.partly': 'No. Strokes still show through the noise.',
  'attack.privacy-gauges.stopped': 'No. This attack stopped; nothing holds against the next one.',
  'attack.privacy-gauges.stopped.bound':
    'Within a bound. This attack stopped, and epsilon limits every other.',
  'attack.privacy-gauges.stopped.masked':
    'This update says nothing: masked, it is noise to whoever has it alone.',

  // evidence
  'attack.privacy-gauges.evidence':
    'Median similarity: {psnr}, without an attack at best {value} ({name}). Labels read right: {labels}, by chance {chance}.',
  'attack.privacy-gauges.evidence.rank':
    'The true image still comes {rank} of 100 on average, by chance {chance}.',
  'attack.privacy-gauges.evidence.epsilon': 'Epsilon is {epsilon} for all rounds at delta {delta}.',
  'attack.privacy-gauges.evidence.none': 'There is no epsilon: nothing bounds what an attack can learn.',
  'attack.privacy-gauges.evidence.accuracy':
    'A model trained under this noise gets {accuracy} of the test images right, without noise {untouched}, by guessing {guess}.',
  'attack.privacy-gauges.short.none': '{came} of {count}, no noise',
  'attack.privacy-gauges.short': '{psnr}, epsilon {epsilon}',

  // names
  'attack.privacy-gauges.setting.rounds': 'Rounds',
  'attack.privacy-gauges.setting.clients': 'People who train',
  'attack.privacy-gauges.setting.victims': 'People under attack',
  'attack.privacy-gauges.setting.hidden': 'Hidden units',
  'attack.privacy-gauges.setting.series': 'Other noise too',
  'attack.privacy-gauges.stage.training': 'A model trains under the noise',
  'attack.privacy-gauges.series.psnr': 'Median similarity',
  'attack.privacy-gauges.series.psnr.x': 'noise, in clipping norms',
  'attack.privacy-gauges.series.psnr.y': 'dB',
  'attack.privacy-gauges.series.labelAccuracy': 'Labels read right',
  'attack.privacy-gauges.series.labelAccuracy.x': 'noise, in clipping norms',
  'attack.privacy-gauges.series.labelAccuracy.y': 'share',
  'attack.privacy-gauges.series.testAccuracy': 'What a model still learns',
  'attack.privacy-gauges.series.testAccuracy.x': 'noise, in clipping norms',
  'attack.privacy-gauges.series.testAccuracy.y': 'accuracy',
  'attack.privacy-gauges.column.name': 'Noise',
  'attack.privacy-gauges.cell.none': 'no bound',
  'attack.privacy-gauges.image.randomNoise': 'Attack on noise',

  'attack.privacy-gauges.notes':
    'Two needles, two questions. The first is about this attack: a little noise stops it. The second is about every attack: epsilon, and it hardly moves. Point at the label, which is read long after the picture is gone. Then look at the last column: noise that bounds every attack can also end the learning; more people and smaller models help.',
} as const;
