/**
 * What every training engine offers. What stands above the engines sees models, flat weights, batches and metrics; a
 * tf.js layers model is the definition of all four.
 *
 * Flat weights: float32, all weights of the model in layer order, as tf.js's getWeights() gives them (a convolution's
 * kernel [rows, columns, in, out], then its bias; a dense layer's kernel [in, out], then its bias).
 */
import type { LabelledImages } from '../datasets/dataset.ts';
import type { TrainingLoss } from './losses.ts';

export type EngineName = 'compiled' | 'tensorflow' | 'wasm';

/** tf.js layers topology: what model.toJSON() gives, or the model_config of a Keras file, of a sequential model. */
export type ModelTopology = Readonly<Record<string, unknown>>;

export type ClientOptimiser =
  | { readonly kind: 'adam'; readonly learningRate: number }
  | { readonly kind: 'sgd'; readonly learningRate: number; /** 0 .. <1 */ readonly momentum: number };

/** One client's local training in one round, or a centralised run. */
export interface TrainingTask {
  /** [parameters] float32: where training starts. */
  readonly weights: Float32Array;
  /** Which examples of the training images are this client's. */
  readonly indices: Uint32Array;
  readonly epochs: number;
  readonly batchSize: number;
  readonly optimiser: ClientOptimiser;
  /** FedProx (Li et al. 2020): mu/2 |w - w_start|^2 is added to the loss; 0 switches it off. */
  readonly proximalMu: number;
  /**
   * 128 bits (streamState): the order of the examples. One stream per task: the order starts as indices and is
   * shuffled in place (core/random/generator.ts) before every epoch, then cut into batches, the last one shorter.
   */
  readonly shuffleState: Int32Array;
  /** 128 bits (streamState): the dropout masks. */
  readonly dropoutState: Int32Array;
  /** Absent: the cross-entropy. */
  readonly loss?: TrainingLoss;
  /** [indices.length, classes] float32: soft labels in the place of the images' own. */
  readonly targets?: Float32Array;
  /** Also return the weights as they stood after every epoch (for the curve of a centralised run). */
  readonly everyEpoch?: boolean;
}

export interface TrainingResult {
  /** [parameters] float32 after training. */
  readonly weights: Float32Array;
  /** Mean over the last epoch's examples of the task's loss, without the FedProx term, as seen while training. */
  readonly loss: number;
  /** Share of the last epoch's examples classified correctly, as seen while training. */
  readonly accuracy: number;
  readonly steps: number;
  readonly examples: number;
  /** With everyEpoch: [parameters] after each epoch, the last one equal to weights; otherwise empty. */
  readonly epochWeights: readonly Float32Array[];
}

export interface EvaluationTask {
  readonly weights: Float32Array;
  /** Rows of the given images to evaluate: start (inclusive) to end (exclusive). */
  readonly start: number;
  readonly end: number;
}

export interface EvaluationResult {
  /** Sum (not mean) of the cross-entropies, float64. */
  readonly lossSum: number;
  /** [classes x classes] counts, row = true class, column = predicted class. */
  readonly confusion: Uint32Array;
  readonly count: number;
}

/** Images that are numbers, not bytes, and what the model should say of each. */
export interface InputGradientTask {
  /** [parameters] float32 */
  readonly weights: Float32Array;
  readonly count: number;
  /** [count, height, width, channels] float32 on the scale 0 .. 1 that the model sees; any finite value. */
  readonly images: Float32Array;
  /** [count, classes] float32: soft labels t; an image's loss is its own cross-entropy -sum over c of t_c log p_c. */
  readonly targets: Float32Array;
}

export interface InputGradientResult {
  /** [count, height, width, channels]: of each image's loss with respect to its own pixels; dropout off. */
  readonly gradient: Float32Array;
  /** [count] */
  readonly losses: Float32Array;
  /** [count, classes] */
  readonly probabilities: Float32Array;
}

/** Images of any number: [count, height, width, channels], bytes. */
export type Images = Omit<LabelledImages, 'labels'>;

/** Progress within training: for one's own screen and for simulations only. */
export type OnBatch = (progress: { readonly examplesDone: number; readonly examplesTotal: number }) => void;

/**
 * A model planned for one engine and bound to its images. Holds memory: dispose() frees it. Calls block until done
 * (they run in compute processes); the wasm engine's are asynchronous because tf.js's are.
 */
export interface TrainableModel {
  readonly engine: EngineName;
  readonly parameterCount: number;
  train(task: TrainingTask, onBatch?: OnBatch): Promise<TrainingResult>;
  evaluate(task: EvaluationTask): Promise<EvaluationResult>;
  /** [count, classes] probabilities of images of the shape that the model was planned for. */
  predict(weights: Float32Array, images: Images): Promise<Float32Array>;
  /** For any number of images; several calls under the same weights cost no more than one. Throws FederationError 'internal' for what does not fit. */
  inputGradient(task: InputGradientTask): Promise<InputGradientResult>;
  dispose(): void;
}

export interface Engine {
  readonly name: EngineName;
  /** Which instructions it uses, for reports: 'relaxed SIMD', 'SIMD', ... */
  readonly variant: string;
  /** Undefined when this engine can train the model; otherwise why not, naming the layer, in one sentence. */
  refusal(topology: ModelTopology): string | undefined;
  /** images: what indices and evaluation rows refer to: training images for train(), test images for evaluate(). */
  plan(
    topology: ModelTopology,
    data: { readonly train: LabelledImages; readonly test: LabelledImages },
    options: { readonly batchSize: number },
  ): Promise<TrainableModel>;
}
