/** English: texts of the attack forgery. Part of attacks/en.ts. */
export const forgeryEnglish = {
  'attack.forgery.question': 'Forge, replay, tamper: what gets through?',
  'attack.forgery.method': 'Each tried against the live protocol',
};
