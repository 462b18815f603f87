/**
 * The engine of the attack lab: for each model that an attack trains, the fastest engine that can, unless another was
 * asked for. Attacks train networks of many kinds, some of which the compiled engine refuses.
 */
import { type EngineChoice, engineText } from '../../core/contract/engines.ts';
import type { Engine } from '../../core/model/engine.ts';
import { installedEngines, loadEngine } from '../compute/engines.ts';

export interface LabEngine {
  readonly engine: Engine;
  /** Those that trained, or would have: 'compiled (relaxed SIMD)'. */
  used(): string;
}

export async function openLabEngine(requested: EngineChoice = 'auto'): Promise<LabEngine> {
  if (requested !== 'auto') {
    const engine = await loadEngine(requested);
    return { engine, used: () => engineText(engine) };
  }
  const [first, ...others] = await installedEngines();
  const planned = new Set<Engine>();
  const engine: Engine = {
    ...first,
    refusal: () => undefined,
    async plan(topology, data, options) {
      // an attack trains many small models: measuring each would take longer than training it
      const able = [first, ...others].find((one) => one.refusal(topology) === undefined);
      const chosen = able ?? others.at(-1) ?? first;
      planned.add(chosen);
      return chosen.plan(topology, data, options);
    },
  };
  return { engine, used: () => [...(planned.size > 0 ? planned : [first])].map(engineText).join(', ') };
}
