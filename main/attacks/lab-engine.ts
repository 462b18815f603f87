/**
 * The engine of the attack lab: for each model that an attack trains, the fastest engine that can, unless another was
 * asked for. Attacks train networks of many kinds, some of which the compiled engine refuses.
 */
import type { Engine, EngineName } from '../../core/model/engine.ts';
import { loadEngine } from '../compute/engines.ts';

export interface LabEngine {
  readonly engine: Engine;
  /** Those that trained, or would have: 'compiled (relaxed SIMD)'. */
  used(): string;
}

export async function openLabEngine(requested: EngineName | undefined): Promise<LabEngine> {
  const first = await loadEngine(requested ?? 'compiled');
  if (requested !== undefined) return { engine: first, used: () => nameOf(first) };
  const planned = new Set<Engine>();
  let second: Promise<Engine> | undefined;
  const engine: Engine = {
    ...first,
    refusal: () => undefined,
    async plan(topology, data, options) {
      const fits = first.refusal(topology) === undefined;
      const chosen = fits ? first : await (second ??= loadEngine('wasm'));
      planned.add(chosen);
      return chosen.plan(topology, data, options);
    },
  };
  return { engine, used: () => [...(planned.size > 0 ? planned : [first])].map(nameOf).join(', ') };
}

function nameOf({ name, variant }: Engine): string {
  return `${name} (${variant})`;
}
