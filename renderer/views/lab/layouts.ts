/** What a run of each attack will show: frames stand for it until it is there. */
import type { AttackName } from '../../../core/contract/attacks/names.ts';

interface Layout {
  readonly pictures: boolean;
  readonly chart: boolean;
  readonly table: boolean;
}

const pictures: Layout = { pictures: true, chart: false, table: false };

export const layouts: Readonly<Record<AttackName, Layout>> = {
  'closed-form': pictures,
  'crowd-size': { pictures: true, chart: true, table: false },
  'privacy-gauges': { pictures: true, chart: false, table: true },
  'two-stage': { pictures: true, chart: true, table: false },
  'model-inversion': pictures,
  'dishonest-coordinator': pictures,
  backdoor: { pictures: false, chart: false, table: true },
  forgery: { pictures: false, chart: false, table: true },
  'gradient-matching': { pictures: true, chart: true, table: false },
  'membership-inference': { pictures: false, chart: true, table: false },
  pruning: pictures,
};
