/** English: what everything in the session view is, in one sentence, and what the letters of its formula are. Part of en.ts. */
export const explainEnglish = {
  'watch.what.waiting': 'Has the model, and has not yet begun with this round.',
  'watch.what.keys':
    'Has made two fresh pairs of keys and sent the public halves: one to talk in private, one to agree on masks.',
  'watch.where.keys': 'g: the group. c, s: secret, never sent, forgotten after this attempt.',
  'watch.what.shares':
    'Has cut what hides the update into shares for the others: any {threshold} of them rebuild it, fewer learn nothing.',
  'watch.where.shares':
    'f: a random polynomial for every byte, t: how many shares are needed, x: the point of whoever holds the share.',
  'watch.what.training': 'Trains on images that stay where they are. Only the change of the model goes on.',
  'watch.where.training':
    'w: the model before and after, clamped to R, weighted by the number of images n, rounded to whole numbers at scale S.',
  'watch.what.masking':
    'Hides the update under one mask of its own and one for every other person; the latter cancel in the sum.',
  'watch.where.masking':
    'x: the update, b: the own seed, s: the secret of two. One of each pair adds, the other subtracts.',
  'watch.what.signing': 'Signs the masked update with a key that only this person has.',
  'watch.where.signing':
    'd: the private key, m: round, attempt, phase, sender and every byte of the message.',
  'watch.what.sending':
    'The masked update is on its way. Alone it says nothing: any value is equally likely.',
  'watch.where.sending': 'd: how many numbers, each of so many bits.',
  'watch.what.verified': 'The signature is good, and the update is in the sum.',
  'watch.where.verified': 'Y: the running sum. The single update is then thrown away.',
  'watch.what.dropped':
    'Has left this round. What others hold of the mask key takes the masks out of the sum again.',
  'watch.where.dropped': 'U: those who are in the sum, s: what u and v have agreed on.',
  'watch.what.recovered':
    'Left after dealing shares: the mask key was rebuilt from them, and the sum comes out right without the update.',
  'watch.where.recovered': 'λ: how much each share counts, from the points x alone.',
  'watch.what.refused': 'Something did not check out, and nothing of it was added.',
  'watch.where.refused': 'e: the public key, m: what arrived, σ: the signature that came with it.',
  'watch.title.web': 'Pairwise masks',
  'watch.what.web':
    'Each line is a secret of two: one adds the mask made from it, the other subtracts it, and in the sum it is gone.',
  'watch.where.web':
    's: each one’s secret. Both reach the same secret of two from the public half of the other.',
  'watch.title.zone-clear': 'Readable',
  'watch.what.zone-clear':
    'Out here an update can be read, but only by its owner, on the owner’s own machine.',
  'watch.title.zone-masked': 'Masked',
  'watch.what.zone-masked':
    'In here everything is under masks: whoever sees one alone, the coordinator too, sees random numbers.',
  'watch.title.zone-unmasked': 'Not masked',
  'watch.what.zone-unmasked': 'Masks are off: whatever crosses this line can be read by the coordinator.',
  'watch.title.sum': 'The coordinator’s sum',
  'watch.what.sum':
    'The coordinator adds up what arrives. It is noise until the masks cancel; then it is the sum, and the sum alone.',
  'watch.where.sum':
    'U₃: those who sent, U₂: those who dealt shares. The seeds b and the keys s come from shares.',
  'watch.title.advertise-keys': 'Keys',
  'watch.title.share-keys': 'Shares',
  'watch.title.masked-input': 'Masked, signed, sent',
  'watch.title.statement': 'The list is signed',
  'watch.what.statement':
    'Before a share is revealed all sign one and the same list of who is in the sum: so no second, different sum can be unmasked.',
  'watch.where.statement':
    'Two lists with T signatures each would need an honest person who signed both; n: how many there are.',
  'watch.title.unmask': 'Shares are revealed',
  'watch.what.unmask':
    'For whoever is in the sum a share of the own seed, for whoever left one of the mask key: never both of one person.',
  'watch.title.signed': 'Signed',
  'watch.what.signed': 'Every message is signed: one that was changed, replayed or made up is refused.',
  'watch.title.unsigned': 'Not signed',
  'watch.what.unsigned': 'Signatures are off: a changed or made-up message would be accepted.',
  'watch.title.masked': 'Masked',
  'watch.what.masked': 'Every update is masked: the coordinator can read the sum, and no single update.',
  'watch.title.unmasked': 'Readable',
  'watch.what.unmasked': 'Masks are off: the coordinator can read every single update.',
  'watch.title.demonstration': 'A demonstration',
  'watch.what.demonstration':
    'Opened as a demonstration: protections may be off, and everyone has agreed to that. Use no data that matters.',
  'watch.title.threshold': 'How many are needed',
  'watch.what.threshold':
    'So many must answer in every phase. Fewer, and the round ends without anything being read.',
  'watch.where.threshold': 'n: how many take part. Up to a third may collude, the coordinator among them.',
  'watch.title.update': 'The real update',
  'watch.what.update':
    'The change of the model as a picture of some of its numbers: zero is paper, the stronger the ink the larger the change. Below, how often each value occurs.',
  'watch.title.arrives': 'What arrives',
  'watch.what.arrives':
    'The same numbers as they reach the coordinator. Under masks each of them can be anything, and all values occur equally often.',
  'watch.where.arrives': 'k: any value, bits: how many bits a number has.',
  'watch.title.accuracy': 'Accuracy',
  'watch.what.accuracy': 'The share of the test images that the model gets right; nobody trained on them.',
  'watch.title.loss': 'Loss',
  'watch.what.loss': 'How surprised the model is by the right answers; 0 would be certainty.',
  'watch.where.loss': 'p: the probability that the model gives to the true class of image i.',
  'watch.title.f1': 'Weighted F1',
  'watch.what.f1':
    'Precision and recall of every class in one number, weighted by how frequent the class is.',
  'watch.where.f1': 'P: precision, R: recall of class c, n: how many test images are of it.',
  'watch.title.confusion': 'Confusions',
  'watch.what.confusion':
    'Every test image counts in the row of what it is and the column of the answer; what is off the diagonal is wrong.',
  'watch.title.costs': 'Time and traffic',
  'watch.what.costs': 'What the protection costs: processor time and bytes, by phase of the protocol.',
  'watch.title.deadline': 'The deadline',
  'watch.what.deadline':
    'So long the coordinator waits for a phase. Whoever is late counts as having left, and is made up for.',
  'watch.title.mask': 'The masks',
  'watch.what.mask':
    'All masks of {name} added up. Nobody else knows them, and without them what arrives is noise.',
} as const;
