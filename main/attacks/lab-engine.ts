/**
 * The engine of the attack lab: for each model that an attack trains, the fastest engine that can, unless another was
 * asked for. Attacks train networks of many kinds, some of which the compiled engine refuses.
 */
import { type EngineChoice, engineText } from '../../core/contract/engines.ts';
import type { Engine } from '../../core/model/engine.ts';
import { EngineSpeeds, type SpeedsOfMachine } from '../compute/engine-speeds.ts';
import { fastestOf, installedEngines, loadEngine, trainersOf } from '../compute/engines.ts';

export interface LabEngine {
  readonly engine: Engine;
  /** Those that trained, or would have: 'compiled (relaxed SIMD)'. */
  used(): string;
}

/** speeds: those that are remembered count; without, or of another model, the engine that is usually fastest is taken. */
export async function openLabEngine(
  requested: EngineChoice = 'auto',
  speeds?: SpeedsOfMachine,
): Promise<LabEngine> {
  if (requested !== 'auto') {
    const engine = await loadEngine(requested);
    return { engine, used: () => engineText(engine) };
  }
  const engines = await installedEngines();
  const remembered = speeds && new EngineSpeeds(speeds);
  const planned = new Set<Engine>();
  const engine: Engine = {
    ...engines[0],
    refusal: () => undefined,
    async plan(topology, data, options) {
      const { able } = trainersOf(topology, engines);
      // an attack trains many small models: measuring each would take longer than training it
      const known = await remembered?.remembered({ topology, batch: options.batchSize }, able);
      const chosen = fastestOf(able, known ?? []);
      planned.add(chosen);
      return chosen.plan(topology, data, options);
    },
  };
  return { engine, used: () => [...(planned.size > 0 ? planned : [engines[0]])].map(engineText).join(', ') };
}
