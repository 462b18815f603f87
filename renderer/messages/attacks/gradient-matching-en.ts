/** English: texts of the attack gradient-matching. Part of attacks/en.ts. */
export const gradientMatchingEnglish = {
  'attack.gradient-matching.question': 'Guess, compare, correct: gradient matching',
  'attack.gradient-matching.method': 'Searches for the image whose gradient is the update',
};
