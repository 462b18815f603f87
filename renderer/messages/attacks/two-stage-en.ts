/** English: texts of the attack two-stage. Part of attacks/en.ts. */
export const twoStageEnglish = {
  'attack.two-stage.question': 'Does a convolutional network hide more?',
  'attack.two-stage.method': 'First the features by closed form, then the image that has them',
};
