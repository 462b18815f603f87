/** What a run of each attack will show: frames stand for it until it is there. */
import type { AttackName } from '../../../core/contract/attacks/names.ts';
import type { ProofPanel } from '../../state/lab-scene.ts';

interface Layout {
  /** A private image beside its copy and baselines. */
  readonly pictures: boolean;
  /** What stands behind it; the first is on show until somebody looks at another. */
  readonly proof: readonly ProofPanel[];
  /** Columns of its table for whoever sits in front of the screen: a room has no use for them, and no width. */
  readonly fine?: readonly string[];
}

export const layouts: Readonly<Record<AttackName, Layout>> = {
  'closed-form': { pictures: true, proof: ['images'] },
  'crowd-size': { pictures: true, proof: ['curves', 'images', 'table'] },
  'privacy-gauges': { pictures: true, proof: ['table', 'images', 'curves'] },
  'two-stage': { pictures: true, proof: ['curves'] },
  'model-inversion': { pictures: true, proof: ['images', 'table', 'curves'] },
  'dishonest-coordinator': { pictures: true, proof: ['images', 'table'], fine: ['code', 'phase'] },
  backdoor: { pictures: false, proof: ['table', 'curves', 'pictures'] },
  forgery: { pictures: false, proof: ['table'], fine: ['by', 'code', 'phase', 'sum'] },
  'gradient-matching': { pictures: true, proof: ['curves'] },
  'membership-inference': { pictures: false, proof: ['curves', 'table', 'pictures'] },
  pruning: { pictures: true, proof: ['pictures', 'images', 'table'] },
};
