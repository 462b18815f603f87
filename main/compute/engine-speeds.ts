/**
 * Which engine is fastest on this machine, measured about a second in all, once for each model and batch size, and
 * remembered in the data folder: a file of its own, as commands that open no database choose an engine too. It is a
 * cache: what cannot be read, or was written by another version, is measured again; where it cannot be written, what was
 * measured holds for as long as this process runs.
 *
 * Measured in a compute process, one engine after the other, each alone on its core; a process that has not answered in
 * time is ended, and what it said until then is used and not remembered.
 */
import { cpus } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { z } from 'zod';
import { utf8, toHex } from '../../core/bytes/bytes.ts';
import { type EngineMeasurement, engineNames, type EngineSpeed } from '../../core/contract/engines.ts';
import { sha256 } from '../../core/crypto/hash.ts';
import { parameterCount } from '../../core/model/architecture.ts';
import type { Engine, ModelTopology } from '../../core/model/engine.ts';
import { architectureSha256 } from '../../core/model/model-hash.ts';
import { readTextFile, writeWholeFile } from '../files/files.ts';
import type { FromProcess } from './channel.ts';
import { startComputeProcess } from './compute-process.ts';
import type { MeasureEngines } from './engines.ts';
import type { MeasureQuestion } from './measure-engines.ts';

export interface ModelToMeasure {
  /** What it is called where figures are shown: a preset's name, or 'model'. */
  readonly name: string;
  readonly topology: ModelTopology;
  readonly batch: number;
}

/** Where figures are remembered, and for which program: also for another process. */
export interface SpeedsOfMachine {
  /** The data folder; made when there is something to remember. */
  readonly folder: string;
  /** Of this program. */
  readonly version: string;
}

export interface EngineSpeedsOptions extends SpeedsOfMachine {
  /** How engines are measured; in a compute process unless given. */
  readonly measure?: (question: MeasureQuestion, patienceMs: number) => Promise<Measured>;
  /** Longest measurement in a compute process, ms. */
  readonly patienceMs?: number;
  readonly now?: () => Date;
}

export interface Measured {
  readonly speeds: readonly EngineSpeed[];
  /** False when there was no time for all of them, or the process died. */
  readonly complete: boolean;
}

/** From the start of the process, which takes some seconds on a machine that is very busy, ms. */
const usualPatienceMs = 10_000;
/** Measurements that are remembered. */
const mostKept = 40;

const fileSchema = z.strictObject({
  format: z.literal(1),
  measurements: z.array(
    z.strictObject({
      /** What it holds for. */
      key: z.string().regex(/^[0-9a-f]{64}$/),
      model: z.string().max(200),
      parameters: z.int().min(0),
      batch: z.int().min(1),
      measuredAt: z.iso.datetime(),
      speeds: z.array(
        z.strictObject({
          engine: z.enum(engineNames),
          variant: z.string().max(200),
          imagesPerSecond: z.number().positive(),
        }),
      ),
    }),
  ),
});
type Kept = z.infer<typeof fileSchema>['measurements'][number];

export class EngineSpeeds {
  readonly machine: SpeedsOfMachine;
  readonly #path: string;
  readonly #measure: NonNullable<EngineSpeedsOptions['measure']>;
  readonly #patienceMs: number;
  readonly #now: () => Date;
  /** Of this process, by key; what was measured in part is among them. */
  readonly #known = new Map<string, Promise<readonly EngineSpeed[]>>();
  /** All of it, while it cannot be written. */
  #unwritten: readonly Kept[] | undefined;
  /** Writes one after the other. */
  #written: Promise<void> = Promise.resolve();

  constructor(options: EngineSpeedsOptions) {
    const { folder, version, patienceMs = usualPatienceMs, now = () => new Date() } = options;
    const { measure = measureInProcess } = options;
    this.#path = join(folder, 'engine-speeds.json');
    this.machine = { folder, version };
    this.#measure = measure;
    this.#patienceMs = patienceMs;
    this.#now = now;
  }

  /** For chooseEngine(). patienceMs: longer than usual where a person asked for the figures. */
  of(model: ModelToMeasure, patienceMs = this.#patienceMs): MeasureEngines {
    return (engines) => this.#speedsOf(model, engines, patienceMs);
  }

  /** What was measured of this model, with the batch size that is nearest; undefined where nothing was. Measures nothing. */
  async remembered(
    { topology, batch }: Omit<ModelToMeasure, 'name'>,
    engines: readonly Engine[],
  ): Promise<readonly EngineSpeed[] | undefined> {
    const away = (kept: Kept): number => Math.abs(Math.log(kept.batch / batch));
    const [nearest] = (await this.#read())
      .filter((kept) => kept.key === this.#keyOf({ topology, batch: kept.batch }, engines))
      .sort((one, other) => away(one) - away(other));
    return nearest?.speeds;
  }

  /** Latest first. */
  async measurements(): Promise<readonly EngineMeasurement[]> {
    const kept = await this.#read();
    return kept.map(({ key: _key, ...measurement }) => measurement);
  }

  /** Everything is measured again when it is next asked for. */
  async forget(): Promise<void> {
    this.#known.clear();
    await this.#change(() => []);
  }

  #speedsOf(
    model: ModelToMeasure,
    engines: readonly Engine[],
    patienceMs: number,
  ): Promise<readonly EngineSpeed[]> {
    const key = this.#keyOf(model, engines);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const speeds = this.#rememberedOrMeasured(key, model, engines, patienceMs);
    this.#known.set(key, speeds);
    return speeds;
  }

  async #rememberedOrMeasured(
    key: string,
    { name, topology, batch }: ModelToMeasure,
    engines: readonly Engine[],
    patienceMs: number,
  ): Promise<readonly EngineSpeed[]> {
    const remembered = (await this.#read()).find((kept) => kept.key === key);
    if (remembered !== undefined) return remembered.speeds;
    const names = engines.map((engine) => engine.name);
    const { speeds, complete } = await this.#measure(
      { topology, batchSize: batch, engines: names },
      patienceMs,
    );
    if (complete && speeds.length > 0) {
      const measuredAt = this.#now().toISOString();
      const parameters = parameterCount(topology);
      const kept: Kept = {
        key,
        model: name.slice(0, 200),
        parameters,
        batch,
        measuredAt,
        speeds: [...speeds],
      };
      await this.#change((others) => [kept, ...others.filter((other) => other.key !== key)]);
    }
    return speeds;
  }

  /** Another model, batch, version of this program or of an engine, or another processor has other speeds. */
  #keyOf({ topology, batch }: Omit<ModelToMeasure, 'name'>, engines: readonly Engine[]): string {
    const about = [
      this.machine.version,
      process.versions.node,
      cpus()[0]?.model ?? '',
      architectureSha256(topology),
      batch,
      ...engines.map(({ name, variant }) => `${name} ${variant}`),
    ];
    return toHex(sha256(utf8(JSON.stringify(about))));
  }

  /** None where there is no file, or it is damaged. */
  async #read(): Promise<readonly Kept[]> {
    if (this.#unwritten !== undefined) return this.#unwritten;
    try {
      const read = fileSchema.safeParse(JSON.parse(await readTextFile(this.#path)));
      return read.success ? read.data.measurements : [];
    } catch {
      return [];
    }
  }

  /** What another process writes at the same moment may be lost: it will be measured again. */
  #change(change: (kept: readonly Kept[]) => readonly Kept[]): Promise<void> {
    this.#written = this.#written.then(async () => {
      const measurements = change(await this.#read()).slice(0, mostKept);
      const text = JSON.stringify({ format: 1, measurements }, null, 1);
      try {
        await writeWholeFile(this.#path, `${text}\n`, 0o600);
        this.#unwritten = undefined;
      } catch {
        // a full disk, or a folder that cannot be written, is no reason not to train
        this.#unwritten = measurements;
      }
    });
    return this.#written;
  }
}

async function measureInProcess(question: MeasureQuestion, patienceMs: number): Promise<Measured> {
  const speeds: EngineSpeed[] = [];
  const { promise: done, resolve } = Promise.withResolvers<boolean>();
  const child = startComputeProcess((message: FromProcess) => {
    if (message.kind === 'engine-speed') speeds.push(message.speed);
    if (message.kind === 'engines-measured') resolve(true);
  });
  child.send({ kind: 'measure-engines', question });
  const timer = setTimeout(resolve, patienceMs, false);
  void child.ended.then(() => {
    resolve(false);
  });
  const complete = await done;
  clearTimeout(timer);
  child.kill();
  await child.ended;
  return { speeds, complete };
}
