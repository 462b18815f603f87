/**
 * What a trained model takes a drawn digit for, and the model itself for a page that answers by its own engine
 * (renderer/compute). One image costs a few milliseconds at most, so that this process does it by itself where no page
 * does, and a person sees the answer change with every stroke.
 */
import type { TrainedModelBytes } from '../../core/contract/host.ts';
import { sessionPlanSchema } from '../../core/contract/session-plan.ts';
import type { LabelledImages } from '../../core/datasets/dataset.ts';
import { digitSide } from '../../core/datasets/drawing.ts';
import { readArchitecture, sizeOf } from '../../core/model/architecture.ts';
import type { Engine, ModelTopology, TrainableModel } from '../../core/model/engine.ts';
import { architectureSha256 } from '../../core/model/model-hash.ts';
import { chooseEngine, loadEngine } from '../compute/engines.ts';
import { sessionTopology } from '../session/session-result.ts';
import type { SessionRow, Store } from '../storage/store.ts';
import type { Activities } from './activities.ts';
import type { Network } from './activity.ts';
import { HostFailure, type HostMethods } from './calls.ts';

export interface TrainedModel extends Network {
  /** [d] */
  readonly weights: Float32Array;
}

/** Four bytes each, of which a page's way to its host makes five and a half; models beyond are asked here. */
const mostSentParameters = 4_000_000;
const digitPixels = digitSide * digitSide;
/** Nothing is trained or evaluated on it: a model is planned for a shape of images. */
const noDigits: LabelledImages = {
  images: new Uint8Array(0),
  labels: new Uint8Array(0),
  count: 0,
  height: digitSide,
  width: digitSide,
  channels: 1,
};

/** Remembers the model that it was asked about last. */
export class Classifier {
  #planned: { readonly name: string; readonly model: Promise<TrainableModel> } | undefined;

  /**
   * pixels: [784], 0 black to 255 white. Returns one probability a class. Throws HostFailure 'no-digits' for a model of
   * other images.
   */
  async classify({ topology, weights }: TrainedModel, pixels: Uint8Array): Promise<readonly number[]> {
    const { input } = readArchitecture(topology);
    if (sizeOf(input) !== digitPixels) {
      throw new HostFailure(
        'no-digits',
        `Cannot try a drawing on this model, as its images are ${input.join(' x ')}, and a drawing is ${digitSide} x ${digitSide}.`,
      );
    }
    const name = architectureSha256(topology);
    if (this.#planned?.name !== name) {
      const before = this.#planned?.model;
      const model = engineFor(topology).then((engine) =>
        engine.plan(topology, { train: noDigits, test: noDigits }, { batchSize: 1 }),
      );
      this.#planned = { name, model };
      model.catch(() => (this.#planned = undefined));
      void before?.then((known) => {
        known.dispose();
      });
    }
    const model = await this.#planned.model;
    return [...(await model.predict(weights, { ...noDigits, images: pixels, count: 1 }))];
  }
}

/** The one that a page has, too: it gives the same answers, to the last bit, on the same machine. */
async function engineFor(topology: ModelTopology): Promise<Engine> {
  const compiled = await loadEngine('compiled');
  return compiled.refusal(topology) === undefined ? compiled : (await chooseEngine(topology)).engine;
}

/** By an activity's model as it is now, or by a past session's after its last round. */
export function classifyMethod(store: Store, activities: Activities): HostMethods['classify'] {
  const classifier = new Classifier();
  return async ({ model: id, pixels }) => {
    const model = trainedModel(store, activities, id);
    return { probabilities: await classifier.classify(model, pixels), classNames: model.classNames };
  };
}

export function trainedModelMethod(store: Store, activities: Activities): HostMethods['trainedModel'] {
  return ({ model: id }): TrainedModelBytes | null => {
    const { topology, classNames, weights } = trainedModel(store, activities, id);
    if (weights.length > mostSentParameters) return null;
    // a copy: the model goes on
    return { topology, classNames, weights: new Uint8Array(weights.slice().buffer) };
  };
}

/** By the id of an activity or a past session. Throws HostFailure 'activity-unknown', 'no-model'. */
export function trainedModel(store: Store, activities: Pick<Activities, 'get'>, id: string): TrainedModel {
  return id.startsWith('session-')
    ? modelOfSession(store, id.slice('session-'.length))
    : modelOfActivity(store, activities, id);
}

function modelOfActivity(store: Store, activities: Pick<Activities, 'get'>, id: string): TrainedModel {
  if (id.startsWith('run-')) throw noModel();
  const { service, watched } = activities.get(id);
  const weights = service?.model();
  const network =
    service?.network?.() ??
    (watched.stored === null ? undefined : networkOf(store.session(watched.stored.slice('session-'.length))));
  if (weights === undefined || network === undefined) throw noModel();
  return { ...network, weights };
}

function modelOfSession(store: Store, session: string): TrainedModel {
  const network = networkOf(store.session(session));
  const last = store.roundSummaries(session).at(-1);
  const weights = last && store.model(last.modelHash);
  if (weights === undefined || network === undefined) throw noModel();
  return { ...network, weights };
}

function networkOf(row: SessionRow | undefined): Network | undefined {
  if (row === undefined) return undefined;
  const plan = sessionPlanSchema.parse(JSON.parse(row.plan));
  return { topology: sessionTopology(plan), classNames: plan.data.classNames };
}

function noModel(): HostFailure {
  return new HostFailure('no-model', 'Cannot try this model, as no round has ended yet, or it was not kept.');
}
