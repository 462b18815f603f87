/** The worker's own part of a call, without the worker: what it answers, given the training step's two builds. */
import { FederationError, isFederationError } from '../../core/errors/federation-error.ts';
import { createCompiledEngine, type TrainingStepModules } from '../../core/model/compiled/engine.ts';
import type { Engine, TrainableModel } from '../../core/model/engine.ts';
import type { Answer, ComputeCalls, ComputeProblem, Question } from './calls.ts';

/** Of a model that is only asked: planned for a batch of training, it would need the memory of one. */
const batchWithoutTraining = 1;
/** Told to the page at most so often, ms: a step of a small model takes a hundredth of that. */
const progressMs = 50;

export class ComputeAnswering {
  readonly #modules: Promise<TrainingStepModules>;
  readonly #tell: (answer: Answer) => void;
  #engine: Engine | undefined;
  #model: TrainableModel | undefined;
  #weights: Float32Array | undefined;
  /** One call after the other. */
  #last: Promise<void> = Promise.resolve();

  constructor(modules: Promise<TrainingStepModules>, tell: (answer: Answer) => void) {
    this.#modules = modules;
    this.#tell = tell;
    // told with the first call
    modules.catch(() => undefined);
  }

  ask(question: Question): void {
    this.#last = this.#last.then(() => this.#answer(question));
  }

  async #answer(question: Question): Promise<void> {
    const { id } = question;
    try {
      this.#tell({ id, ok: true, value: await this.#carryOut(question) });
    } catch (error) {
      this.#tell({ id, ok: false, problem: problemOf(error) });
    }
  }

  #carryOut(question: Question): Promise<ComputeCalls[keyof ComputeCalls]['result']> {
    switch (question.name) {
      case 'plan':
        return this.#plan(question.args);
      case 'load':
        this.#weights = question.args.weights;
        return Promise.resolve(null);
      case 'predict':
        return this.#planned().predict(this.#loaded(), question.args.images);
      case 'train':
        return this.#train(question.id, question.args);
    }
  }

  async #plan({ topology, data }: ComputeCalls['plan']['args']): Promise<ComputeCalls['plan']['result']> {
    this.#engine ??= createCompiledEngine(await this.#modules);
    this.#model?.dispose();
    this.#model = undefined;
    this.#model = await this.#engine.plan(
      topology,
      { train: data, test: data },
      { batchSize: batchWithoutTraining },
    );
    return { variant: this.#engine.variant, parameters: this.#model.parameterCount };
  }

  #train(id: number, task: ComputeCalls['train']['args']): Promise<ComputeCalls['train']['result']> {
    let toldAt = -Infinity;
    return this.#planned().train({ ...task, weights: this.#loaded() }, (progress) => {
      const now = performance.now();
      if (now - toldAt < progressMs) return;
      toldAt = now;
      this.#tell({ id, progress });
    });
  }

  #planned(): TrainableModel {
    if (this.#model === undefined) throw outOfOrder('a call before a model was planned');
    return this.#model;
  }

  #loaded(): Float32Array {
    if (this.#weights === undefined) throw outOfOrder('a call before weights were loaded');
    return this.#weights;
  }
}

function outOfOrder(what: string): FederationError<'internal'> {
  return new FederationError('internal', `Cannot compute, as the worker was given ${what}.`, {
    details: { what },
    blame: 'bug',
    action: 'report',
  });
}

function problemOf(error: unknown): ComputeProblem {
  if (isFederationError(error))
    return { code: error.code, message: error.message, details: { ...error.details } };
  return { code: 'fault', message: error instanceof Error ? error.message : String(error), details: {} };
}
