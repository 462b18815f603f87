/** An attack of the lab run to its end on MNIST, with what it showed on the way. */
import type { AttackMaterial } from '../../core/attacks/attack.ts';
import { attackSettings, runAttack } from '../../core/attacks/run-attack.ts';
import type {
  AttackFindings,
  AttackImage,
  AttackRow,
  AttackSeries,
  AttackStep,
} from '../../core/contract/attacks/attack-report.ts';
import {
  type AttackSetting,
  type Protection,
  unprotected,
} from '../../core/contract/attacks/attack-request.ts';
import type { AttackName } from '../../core/contract/attacks/names.ts';
import type { Dataset } from '../../core/datasets/dataset.ts';
import type { Engine } from '../../core/model/engine.ts';
import { foldAttack, openAttack } from '../../core/watching/attack-view.ts';
import { openLabEngine } from '../../main/attacks/lab-engine.ts';
import { loadMnist } from '../../main/data/mnist.ts';

let shared: Promise<{ readonly dataset: Dataset; readonly engine: Engine }> | undefined;

/** MNIST, and the lab's engine: read once for all tests of a file. */
export function attackGround(): Promise<{ readonly dataset: Dataset; readonly engine: Engine }> {
  return (shared ??= load());
}

async function load(): Promise<{ readonly dataset: Dataset; readonly engine: Engine }> {
  const [dataset, { engine }] = await Promise.all([loadMnist(), openLabEngine(undefined)]);
  return { dataset, engine };
}

export interface AttackRunForTest {
  readonly findings: AttackFindings;
  readonly steps: readonly AttackStep[];
  readonly images: readonly AttackImage[];
  readonly series: readonly AttackSeries[];
  readonly rows: readonly AttackRow[];
  row(name: string): AttackRow['cells'];
}

export async function attackForTest(
  attack: AttackName,
  options: {
    readonly settings?: Readonly<Record<string, AttackSetting>>;
    readonly protection?: Partial<Protection>;
    readonly seed?: number;
    readonly material?: Partial<AttackMaterial>;
  } = {},
): Promise<AttackRunForTest> {
  const { dataset, engine } = await attackGround();
  const { settings = {}, seed = 1 } = options;
  const protection = { ...unprotected, ...options.protection };
  const run = await runAttack(attack, {
    settings: attackSettings({ attack, settings }),
    protection,
    seed,
    dataset,
    engine,
    material: { drawings: undefined, model: undefined, observed: undefined, ...options.material },
  });
  const request = { attack, target: { kind: 'fresh' as const }, protection, settings, seed };
  let view = openAttack('', request);
  const steps: AttackStep[] = [];
  for (let next = await run.next(); ; next = await run.next()) {
    if (next.done === true) {
      const { images, series, rows } = view;
      const row = (name: string): AttackRow['cells'] => {
        const found = rows.find((each) => each.name === name);
        if (found === undefined) throw new Error(`there is no row ${name}`);
        return found.cells;
      };
      return { findings: next.value, steps, images, series, rows, row };
    }
    steps.push(next.value);
    view = foldAttack(view, next.value);
  }
}
