/** What a round begins with: the model, and under differential privacy the clipping norm. */
import type { RoundPrivacy } from '../../core/contract/run-result.ts';
import { clippingNormAfter } from '../../core/fedavg/round-privacy.ts';
import type { Model } from '../../core/secagg/coordinator-events.ts';
import type { RoundParameters } from '../../core/secagg/parameters.ts';
import type { ModelKeeper } from './model-keeper.ts';

/** C of the round after one with this privacy, or of the first; undefined without differential privacy. */
export function clippingNormOf(
  { differentialPrivacy: noise }: RoundParameters,
  last: RoundPrivacy | undefined,
): number | undefined {
  return noise === null || last === undefined ? noise?.clippingNorm : clippingNormAfter(noise, last);
}

/** With its weights; the clipping norm is announced where it adapts, and is in the parameters where it does not. */
export function roundModel(
  keeper: ModelKeeper,
  parameters: RoundParameters,
  last: RoundPrivacy | undefined,
): Model {
  const clippingNorm = clippingNormOf(parameters, last);
  const announced = (parameters.differentialPrivacy?.adaptive ?? null) !== null;
  const model = keeper.model(true);
  return announced && clippingNorm !== undefined ? { ...model, clippingNorm } : model;
}
