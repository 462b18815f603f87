/** English: texts of the attack membership-inference. Part of attacks/en.ts. */
export const membershipInferenceEnglish = {
  'attack.membership-inference.question': 'Was your image in the training data?',
  'attack.membership-inference.method': 'A model is surer of what it has seen',
};
