/** What an engine checks of a task before it starts, and of its numbers while it runs. */
import { FederationError, invalidSetting } from '../errors/federation-error.ts';
import type { EvaluationTask, Images, InputGradientTask, TrainingTask } from './engine.ts';

/** Throws FederationError: 'invalid-setting' for counts below 1, 'internal' for weights or rows that do not fit. */
export function checkTrainingTask(task: TrainingTask, parameters: number, images: number): void {
  requireCount('epochs', task.epochs);
  requireCount('batch', task.batchSize);
  requireCount('examples', task.indices.length);
  requireWeights(task.weights, parameters);
  if (task.indices.some((index) => index >= images)) throw mistake('an index beyond the training images');
}

/** Throws FederationError 'internal' for weights or rows that do not fit. */
export function checkEvaluationTask(task: EvaluationTask, parameters: number, images: number): void {
  requireWeights(task.weights, parameters);
  const { start, end } = task;
  if (!(start >= 0 && start <= end && end <= images)) throw mistake('rows beyond the test images');
}

/** inputSize: values of one image. Throws FederationError 'internal' for weights or images that do not fit. */
export function checkPrediction(
  weights: Float32Array,
  parameters: number,
  images: Images,
  inputSize: number,
): void {
  requireWeights(weights, parameters);
  if (images.images.length !== images.count * inputSize) throw mistake('images of another shape');
}

/** All but the weights; inputSize: values of one image. Throws FederationError 'internal' for what does not fit or is not finite. */
export function checkInputGradientTask(
  { count, images, targets }: InputGradientTask,
  inputSize: number,
  classes: number,
): void {
  if (images.length !== count * inputSize) throw mistake('images of another shape');
  if (targets.length !== count * classes) throw mistake('targets for other classes');
  if (!areFinite(images) || !areFinite(targets)) throw mistake('images or targets that are not finite');
}

/** Throws FederationError 'training-diverged'. */
export function requireFiniteLoss(loss: number, step: number): void {
  if (!Number.isFinite(loss)) throw diverged(step, loss);
}

/** Throws FederationError 'training-diverged' when one of them is not finite. */
export function requireFiniteWeights(weights: Float32Array, step: number, loss: number): void {
  if (!areFinite(weights)) throw diverged(step, loss);
}

function diverged(step: number, loss: number): FederationError<'training-diverged'> {
  return new FederationError(
    'training-diverged',
    `Cannot go on training, as loss and weights must stay finite, and at step ${step} they do not (loss ${loss}): lower the learning rate.`,
    { details: { step, loss }, blame: 'user', action: 'correct' },
  );
}

/**
 * Zero times infinity, or times what is not a number, is not a number. In four sums, as each waits for its last addition:
 * an attack asks for the gradient of a small model's images in less time than one sum takes.
 */
function areFinite(numbers: Float32Array): boolean {
  const { length } = numbers;
  const byFour = length - (length % 4);
  let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
  for (let index = 0; index < byFour; index += 4) {
    sum0 += 0 * numbers[index]!;
    sum1 += 0 * numbers[index + 1]!;
    sum2 += 0 * numbers[index + 2]!;
    sum3 += 0 * numbers[index + 3]!;
  }
  for (let index = byFour; index < length; index += 1) sum0 += 0 * numbers[index]!;
  return sum0 + sum1 + sum2 + sum3 === 0;
}

function requireCount(field: string, value: number): void {
  if (!Number.isInteger(value) || value < 1)
    throw invalidSetting(field, value, 'a whole number of 1 or more');
}

/** Throws FederationError 'internal'. */
export function requireWeights(weights: Float32Array, parameters: number): void {
  if (weights.length !== parameters)
    throw mistake(`${weights.length} weights for a model of ${parameters} parameters`);
  if (!areFinite(weights)) throw mistake('weights that are not finite');
}

/** What the program did wrong, not a person. */
export function mistake(what: string): FederationError<'internal'> {
  return new FederationError('internal', `Cannot run a training engine, as it was given ${what}.`, {
    details: { what },
    blame: 'bug',
    action: 'report',
  });
}
