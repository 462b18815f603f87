/**
 * How big a crowd? The attack of closed-form.ts on what a coordinator is left with under secure aggregation: one masked
 * update, which is noise, and the unmasked sum of K people's. The sum of K updates of one image each is the update of a
 * batch of K, so that a small group's images come back from their sum although every single update was masked (Elkordy et
 * al. 2023 bound what a sum gives away by the size of its crowd).
 *
 * Every client takes one step at rate 1 from the same fresh model: it sends its gradient. Updates are quantised, masked and
 * summed as in a real round (protect.ts). Without masks there is no crowd: each update is read by itself.
 */
import type { z } from 'zod';
import type { AttackRow, AttackSeries, AttackStep } from '../contract/attacks/attack-report.ts';
import { crowds, type crowdSizeSettings } from '../contract/attacks/crowd-size.ts';
import type { Attack, AttackInput, AttackRun } from './attack.ts';
import { type FoundImage, rebuildImages, unitUpdates } from './first-layer.ts';
import { type FirstLayerModel, firstLayerModel, victimImages, victimRange } from './first-layer-case.ts';
import { conclusionOf, privacyBound } from './gauges.ts';
import { gradientStep, LoneClients } from './lone-clients.ts';
import { Measurement, type MeasurePlan, medianOf, type Pairing, pairUp, recoveredFrom } from './measure.ts';
import { plainImages, type PlainImage, selectImages } from './pictures.ts';
import { MaskedSum, readNoise, readUpdate, type ReadingConditions } from './protect.ts';
import { progressAt, told } from './told.ts';
import { TwoLayers } from './two-layers.ts';

type Input = AttackInput<z.infer<typeof crowdSizeSettings>>;

const name = 'crowd-size';

/** What was found of a crowd. */
interface Sum {
  readonly clients: number;
  readonly found: readonly FoundImage[];
  readonly pairing: Pairing;
}

export const crowdSize: Attack<z.infer<typeof crowdSizeSettings>> = async function* (input): AttackRun {
  const { settings, protection } = input;
  yield progressAt({ stage: 'victim', from: 0, to: 0 }, 0);
  const model = firstLayerModel(input, settings.hidden);
  const { to: most } = victimRange(input.dataset);
  const others = settings.series
    ? crowds.filter((clients) => clients !== settings.clients && clients <= most)
    : [];
  const largest = Math.max(settings.clients, ...others);
  const { data, own, drawings } = victimImages(input, name, largest, 'clients');
  const clients = await LoneClients.open(input.engine, model, data, input.seed);
  try {
    const work = new Work(input, model, clients, [settings.clients, ...others]);
    const plan = { data: input.dataset.train, own, seed: input.seed, labels: [name] };
    const measurement = measurementOf(plan, work.targets(settings.clients));
    yield { kind: 'images', images: measurement.targetPictures() };
    const shown = yield* work.attack(settings.clients);
    const labelOf = (image: Float32Array): number | null =>
      shown.found.find(({ pixels }) => pixels === image)?.label ?? null;
    // what is read is a sum without its masks, or updates that never had any
    yield { kind: 'images', images: measurement.rebuiltPictures(shown.pairing, { masked: false, labelOf }) };
    const fromNoise = yield* work.attackNoise(settings.clients);
    yield* told(measurement.prepare(), { stage: 'baselines', from: work.done, to: work.done });
    yield { kind: 'images', images: measurement.baselinePictures(fromNoise) };
    const results = measurement.figures(shown.pairing, fromNoise);

    const alone = yield* work.attackMasked();
    const aloneNoise = yield* work.attackNoise(1);
    const sums: Sum[] = [];
    // in order, as rows stay where they first were
    for (const size of [settings.clients, ...others].sort((one, other) => one - other)) {
      sums.push(size === settings.clients ? shown : yield* work.attack(size));
      yield { kind: 'rows', rows: rowsOf(sums, alone) };
      for (const series of seriesOf(sums)) yield { kind: 'series', series };
    }

    const aim = { metric: 'psnr', from: recoveredFrom, also: 'recovered' } as const;
    return {
      results,
      ...conclusionOf(results, aim, privacyBound(protection.noise)),
      facts: {
        images: settings.clients,
        came: shown.pairing.psnr.filter((value) => value >= recoveredFrom).length,
        drawings,
        firstPsnr: shown.pairing.psnr[0]!,
        masked: protection.masks,
        alonePsnr: alone.psnr[0]!,
        noisePsnr: aloneNoise.psnr[0]!,
        inputs: model.first.inputs,
        units: model.first.units,
      },
    };
  } finally {
    clients.close();
  }
};

class Work {
  readonly #input: Input;
  readonly #model: FirstLayerModel;
  readonly #clients: LoneClients;
  readonly #conditions: ReadingConditions;
  /** Of all crowds: clients that have to be asked. */
  readonly #total: number;
  #asked = 0;

  constructor(input: Input, model: FirstLayerModel, clients: LoneClients, sizes: readonly number[]) {
    this.#input = input;
    this.#model = model;
    this.#clients = clients;
    const { seed } = input;
    this.#conditions = {
      optimiser: gradientStep,
      batchSize: 1,
      epochs: 1,
      examples: 1,
      seed,
      labels: [name],
    };
    this.#total = sizes.reduce((sum, size) => sum + size, 0);
  }

  get done(): number {
    return this.#asked / this.#total;
  }

  /** The private images of the first so many. */
  targets(clients: number): readonly PlainImage[] {
    return plainImages(
      selectImages(
        this.#clients.images,
        Array.from({ length: clients }, (_, index) => index),
      ),
    );
  }

  async *attack(clients: number): AsyncGenerator<AttackStep, Sum, void> {
    return this.#input.protection.masks ? yield* this.#attackSum(clients) : yield* this.#attackEach(clients);
  }

  async *#attackSum(clients: number): AsyncGenerator<AttackStep, Sum, void> {
    const sum = new MaskedSum(this.#model.weights.length, clients, this.#conditions);
    for (let client = 0; client < clients; client += 1) {
      sum.add(await this.#sent(client));
      yield this.#step();
    }
    const found = yield* this.#rebuild(sum.open(), clients);
    return { clients, found, pairing: yield* this.#pair(clients, found) };
  }

  /** Without masks, every update lies open. */
  async *#attackEach(clients: number): AsyncGenerator<AttackStep, Sum, void> {
    const found: FoundImage[] = [];
    for (let client = 0; client < clients; client += 1) {
      found.push(...(yield* this.#rebuild(await this.#sent(client), 1)));
      yield this.#step();
    }
    return { clients, found, pairing: yield* this.#pair(clients, found) };
  }

  /** The same attack on one update as it is sent: under its mask. */
  async *attackMasked(): AsyncGenerator<AttackStep, Pairing, void> {
    const protection = { ...this.#input.protection, masks: true };
    const { update } = await readUpdate(await this.#clients.update(0), protection, this.#conditions);
    return yield* this.#pair(1, yield* this.#rebuild(update, 1));
  }

  *attackNoise(clients: number): Generator<AttackStep, Pairing, void> {
    const noise = readNoise(this.#model.weights.length, this.#conditions);
    return yield* this.#pair(clients, yield* this.#rebuild(noise, clients));
  }

  /** As it leaves the client, masks aside. */
  async #sent(client: number): Promise<Float32Array> {
    const protection = { ...this.#input.protection, masks: false };
    const conditions = { ...this.#conditions, labels: [name, client] };
    return (await readUpdate(await this.#clients.update(client), protection, conditions)).update;
  }

  *#rebuild(update: ArrayLike<number>, count: number): Generator<AttackStep, readonly FoundImage[], void> {
    const { topology, weights, first } = this.#model;
    const network = TwoLayers.of(topology, weights);
    const above = network && { network, rate: gradientStep.learningRate };
    const wanted = Math.min(count, first.units);
    const search = rebuildImages(unitUpdates(update, first), { count: wanted, above });
    for (;;) {
      const step = search.next();
      if (step.done === true) return step.value;
      yield progressAt({ stage: 'reading', from: this.done, to: this.done }, 0);
    }
  }

  *#pair(clients: number, found: readonly FoundImage[]): Generator<AttackStep, Pairing, void> {
    const images = found.map(({ pixels }) => pixels);
    const stretch = { stage: 'measuring', from: this.done, to: this.done };
    return yield* told(pairUp(this.targets(clients), images), stretch);
  }

  #step(): AttackStep {
    this.#asked += 1;
    return progressAt({ stage: 'summing', from: this.done, to: this.done }, 0);
  }
}

function measurementOf(plan: Omit<MeasurePlan, 'targets'>, targets: readonly PlainImage[]): Measurement {
  return new Measurement({ ...plan, targets });
}

const shareOf = ({ psnr }: Pairing): number =>
  psnr.filter((value) => value >= recoveredFrom).length / psnr.length;

function rowsOf(sums: readonly Sum[], alone: Pairing): readonly AttackRow[] {
  const row = (label: string, pairing: Pairing): AttackRow => ({
    name: label,
    cells: { recovered: shareOf(pairing), psnr: medianOf(pairing.psnr) },
  });
  return [row('masked', alone), ...sums.map(({ clients, pairing }) => row(String(clients), pairing))];
}

function seriesOf(sums: readonly Sum[]): readonly AttackSeries[] {
  const line = (figure: string, value: (pairing: Pairing) => number): AttackSeries => ({
    name: figure,
    points: sums.map(({ clients, pairing }) => [clients, value(pairing)]),
  });
  return [line('recovered', shareOf), line('psnr', ({ psnr }) => medianOf(psnr))];
}
