/** English: texts of the attack pruning. Part of attacks/en.ts. */
export const pruningEnglish = {
  'attack.pruning.question': 'Is it enough to send only the largest values?',
  'attack.pruning.method': 'The closed form on what is left of a pruned update',
};
