/** English: texts of the attack membership-inference. Part of attacks/en.ts. */
export const membershipInferenceEnglish = {
  'attack.membership-inference.title': 'Member or stranger',
  'attack.membership-inference.question': 'Was your image in the training data?',
  'attack.membership-inference.method': 'A model is surer of what it has seen',

  // the attacker
  'attack.membership-inference.attacker': 'whoever holds the model, and an image to ask about',
  'attack.membership-inference.sees': 'the weights, and the image with its class',
  'attack.membership-inference.may': 'ask the model for its loss; it asks nobody else',

  // what is attacked
  'attack.membership-inference.target.fresh': {
    one: 'a network trained on {count} image until it knows it by heart, and on fewer and more',
    other: 'a network trained on {count} images until it knows them by heart, and on fewer and more',
  },
  'attack.membership-inference.target.model': 'the chosen model, and the images that were dealt for it',

  // verdicts
  'attack.membership-inference.leaks': 'Yes. At 1 % false alarms, {value} of the members are found.',
  'attack.membership-inference.partly':
    'Partly. Members stand out on average; hardly one can be named for certain.',
  'attack.membership-inference.stopped':
    'No. This attack tells members from strangers no better than chance; another may.',

  // evidence
  'attack.membership-inference.evidence':
    'At 1 % false alarms {value} of the members are found (95 %: {from} to {to}), by chance {chance}; area under the curve {auc} (95 %: {aucFrom} to {aucTo}), by chance {aucChance}.',
  'attack.membership-inference.evidence.accuracy':
    'The model classes {members} of the images it learnt from right, and {strangers} of the others.',
  'attack.membership-inference.evidence.sizes':
    'Trained on {smallest} images the area is {smallestAuc}, on {largest} it is {largestAuc}: by chance {aucChance}.',
  'attack.membership-inference.evidence.lower': 'Attacks that train models of their own find more.',
  'attack.membership-inference.short': '{value} at 1 % false alarms',

  // names
  'attack.membership-inference.setting.members': 'Training images',
  'attack.membership-inference.switch.none': 'Nothing',
  'attack.membership-inference.stage.asking': 'The model is asked about each image',
  'attack.membership-inference.figure.members': 'training images',
  'attack.membership-inference.figure.accuracy': 'accuracy',
  'attack.membership-inference.image.member': 'Smallest loss: a member',
  'attack.membership-inference.image.stranger': 'Smallest loss: a stranger',
  'attack.membership-inference.series.roc': 'Members found by false alarms',
  'attack.membership-inference.series.roc.x': 'False alarms',
  'attack.membership-inference.series.roc.y': 'Members found',
  'attack.membership-inference.series.aucBySize': 'Area under the curve by training images',
  'attack.membership-inference.series.aucBySize.x': 'Training images',
  'attack.membership-inference.series.aucBySize.y': 'Area under the curve',
  'attack.membership-inference.series.truePositivesBySize': 'Found at 1 % false alarms, by training images',
  'attack.membership-inference.series.truePositivesBySize.x': 'Training images',
  'attack.membership-inference.series.truePositivesBySize.y': 'Members found',
  'attack.membership-inference.column.name': 'Training images',
  'attack.membership-inference.column.balancedAccuracy': 'Right guesses, half being members',
  'attack.membership-inference.column.memberAccuracy': 'Accuracy on members',
  'attack.membership-inference.column.strangerAccuracy': 'Accuracy on strangers',

  'attack.membership-inference.notes':
    'The question is not what an image shows, but whether it was there: for a patient’s scan, that is the secret. A model that knows its images by heart has hardly any loss on them. Look at the two ends of the curve by size: the fewer the images, the more each one stands out. An area above one half sounds like a leak, but an attacker who must not be wrong reads the curve at its left end. Masks do not help; more people and noise do.',
} as const;
