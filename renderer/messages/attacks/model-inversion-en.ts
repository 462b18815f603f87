/** English: texts of the attack model-inversion. Part of attacks/en.ts. */
export const modelInversionEnglish = {
  'attack.model-inversion.title': 'What weights reveal',
  'attack.model-inversion.question': 'What do the weights alone remember?',
  'attack.model-inversion.method': 'Searches for the image that the model is surest of',

  // the attacker
  'attack.model-inversion.attacker': 'whoever holds the model',
  'attack.model-inversion.sees': 'the weights, no image and no update',
  'attack.model-inversion.sees.pca': 'the weights, and images of classes that the model has never had',
  'attack.model-inversion.may': 'search on a machine of its own as long as it likes; it asks nobody',

  // what is attacked
  'attack.model-inversion.target.model': 'the chosen model, as it is',
  'attack.model-inversion.target.reference': 'a CNN, trained 10 epochs on the first 100 images',
  'attack.model-inversion.target.priors': 'the very CNN of the reference, trained on the first 100 images',
  'attack.model-inversion.target.pca': 'a CNN that knows half of the classes, trained on 1,000 images',
  'attack.model-inversion.target.re-identification':
    'a network of which each class is one person, {people} of them; a person is one image, drawn again with small changes',

  // verdicts
  'attack.model-inversion.reference.leaks':
    'Yes. Digits can be read; yet all black has the smaller error, so that error tells nothing.',
  'attack.model-inversion.reference.partly':
    'Partly. Some digits can be read; yet all black has the smaller error, so that error tells nothing.',
  'attack.model-inversion.reference.stopped':
    'No. Hardly a digit can be read, and all black has the smaller error still.',
  'attack.model-inversion.leaks': 'Yes. The weights show what each class looks like.',
  'attack.model-inversion.partly': 'Partly. Of some classes the look comes out.',
  'attack.model-inversion.stopped': 'No. This search shows no more than chance; another may.',
  'attack.model-inversion.pca.leaks': 'Yes, the look of classes that the attacker has no image of.',
  'attack.model-inversion.pca.partly': 'Partly. Some classes can be read that the attacker has no image of.',
  'attack.model-inversion.pca.stopped':
    'No. The attacker’s own pictures come out, not those of the model; another search may find more.',
  'attack.model-inversion.re-identification.leaks':
    'Yes. Where a class is a person, the weights show what that person drew.',
  'attack.model-inversion.re-identification.partly':
    'Partly. Private images rank high among 100 of their digit, not first.',
  'attack.model-inversion.re-identification.stopped': 'No. This search points at nobody; another may.',

  // evidence
  'attack.model-inversion.evidence.errors':
    'Error to the nearest image of the class: {nearest}, all black {blackNearest}; to the class on average: {mean}, all black {blackMean}. The model is {confidence} sure, of black {blackConfidence}.',
  'attack.model-inversion.evidence.judge':
    'An independent judge reads {judged} as their class, by chance {chance}; of the mean images of the classes, which need no attack but images, {classMean}.',
  'attack.model-inversion.evidence.confidence':
    'The model is {confidence} sure, of an all black image {black}.',
  'attack.model-inversion.evidence.class':
    'What comes out is what a class looks like: whoever has images of the class knows as much.',
  'attack.model-inversion.evidence.members':
    'Error to images that the model learnt from: {member}, all black {blackMember}; to others of the class: {stranger}, all black {blackStranger}.',
  'attack.model-inversion.evidence.rank':
    '{first} of {people} private images rank first of {candidates}, by chance {chance}.',
  'attack.model-inversion.evidence.persons':
    'Error to the person’s own image {own}, all black {black}; to others of the digit {others}. Where a class is a digit: to images that the model learnt from {digitOwn}, all black {digitBlack}; to others {digitOthers}, all black {digitBlackOthers}.',
  'attack.model-inversion.evidence.people': {
    one: 'A person is one image here, drawn again with small changes; {count} is a drawing of this machine. MNIST does not say who wrote what.',
    other:
      'A person is one image here, drawn again with small changes; {count} are drawings of this machine. MNIST does not say who wrote what.',
  },
  'attack.model-inversion.short': '{judged} read right',
  'attack.model-inversion.short.people': '{first} of {people} ranked first',

  // names
  'attack.model-inversion.switch.reference': 'As the reference',
  'attack.model-inversion.switch.priors': 'With priors',
  'attack.model-inversion.switch.pca': 'Other classes’ components',
  'attack.model-inversion.switch.re-identification': 'A class is a person',
  'attack.model-inversion.setting.variant': 'How it searches',
  'attack.model-inversion.setting.variant.reference': 'As the reference did',
  'attack.model-inversion.setting.variant.priors': 'With priors of drawings',
  'attack.model-inversion.setting.variant.pca': 'Among other classes’ components',
  'attack.model-inversion.setting.variant.re-identification': 'Where a class is a person',
  'attack.model-inversion.setting.iterations': 'Steps (0: as the search takes)',
  'attack.model-inversion.setting.tries': 'Starts for each class (0: as the search takes)',
  'attack.model-inversion.setting.people': 'People',
  'attack.model-inversion.stage.components': 'Components of other classes',
  'attack.model-inversion.stage.digits': 'The same where a class is a digit',
  'attack.model-inversion.image.member': 'Learnt from',
  'attack.model-inversion.image.person': 'What the person drew',
  'attack.model-inversion.image.nearest': 'Nearest training image',
  'attack.model-inversion.series.loss.x': 'Step',
  'attack.model-inversion.series.loss.y': 'Loss',
  'attack.model-inversion.row.attack': 'This attack',
  'attack.model-inversion.row.persons': 'A class is a person',
  'attack.model-inversion.row.personsBlack': 'All black, to those images',
  'attack.model-inversion.row.digits': 'A class is a digit',
  'attack.model-inversion.row.digitsBlack': 'All black, to those images',
  'attack.model-inversion.column.own': 'Error to its own images',
  'attack.model-inversion.column.others': 'Error to others of the digit',
  'attack.model-inversion.column.auc': 'Likelier to be like its own',

  'attack.model-inversion.notes':
    'Run it with priors first: digits appear out of weights alone, without any image. Then take the reference, and look at its error: an all black image has less of it, so that number proves nothing. Ask what was stolen: the look of a class, not an image of anybody. Then make each class a person: the same search, and now the look of a class is somebody’s own drawing. Masks do not help here, as everybody holds the model.',
} as const;
