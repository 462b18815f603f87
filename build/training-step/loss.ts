/**
 * Softmax and categorical cross-entropy from the logits, and the gradient (probability - label) / images in one pass.
 * The largest logit is subtracted first, so nothing overflows. statistics: the running sum of the losses (float64) and of
 * correct predictions (float64); the first of several equal logits is the prediction.
 */
export const loss = `
export function softmaxCrossEntropy(logits: usize, gradient: usize, stride: usize, classes: i32, labels: usize, predictions: usize, images: i32, statistics: usize): void {
  const share: f32 = 1.0 / <f32>images;
  let lossSum: f64 = 0;
  let correct: i32 = 0;
  for (let image: i32 = 0; image < images; image++) {
    let largest = load<f32>(logits), prediction = 0;
    for (let index: i32 = 1; index < classes; index++) {
      const logit = load<f32>(logits + (<usize>index << 2));
      if (logit > largest) {
        largest = logit;
        prediction = index;
      }
    }
    let sum: f32 = 0;
    for (let index: i32 = 0; index < classes; index++) {
      const power = Mathf.exp(load<f32>(logits + (<usize>index << 2)) - largest);
      sum += power;
      store<f32>(gradient + (<usize>index << 2), power);
    }
    const label = load<i32>(labels + (<usize>image << 2)), scale = share / sum;
    for (let index: i32 = 0; index < classes; index++) {
      const entry = gradient + (<usize>index << 2);
      store<f32>(entry, load<f32>(entry) * scale - (index == label ? share : 0));
    }
    lossSum += <f64>(Mathf.log(sum) + largest - load<f32>(logits + (<usize>label << 2)));
    if (prediction == label) correct++;
    store<i32>(predictions + (<usize>image << 2), prediction);
    logits += stride;
    gradient += stride;
  }
  store<f64>(statistics, load<f64>(statistics) + lossSum);
  store<f64>(statistics, load<f64>(statistics, 8) + <f64>correct, 8);
}`;
