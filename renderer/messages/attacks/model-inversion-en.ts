/** English: texts of the attack model-inversion. Part of attacks/en.ts. */
export const modelInversionEnglish = {
  'attack.model-inversion.question': 'What do the weights alone remember?',
  'attack.model-inversion.method': 'Searches for the image that the model is surest of',
};
