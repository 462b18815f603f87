/** The engines that the suite runs over: every one that this machine has, the compiled one in both its builds. */
import { describe, it } from 'node:test';
import { FederationError } from '../../../../core/errors/federation-error.ts';
import { createCompiledEngine } from '../../../../core/model/compiled/engine.ts';
import type { Engine } from '../../../../core/model/engine.ts';
import { loadEngine } from '../../../../main/compute/engines.ts';
import { modules, modulesWithoutRelaxed } from '../compiled/support.ts';

async function tensorflow(): Promise<Engine | undefined> {
  try {
    return await loadEngine('tensorflow');
  } catch (error) {
    if (error instanceof FederationError && error.code === 'engine-missing') return undefined;
    throw error;
  }
}

const native = await tensorflow();

export const enginesPresent: readonly Engine[] = [
  createCompiledEngine(modules),
  createCompiledEngine(modulesWithoutRelaxed),
  await loadEngine('wasm'),
  ...(native === undefined ? [] : [native]),
];

/** One of each name, as processes of their own load them. */
export const enginesByName: readonly Engine[] = [
  ...new Map(enginesPresent.toReversed().map((engine) => [engine.name, engine])).values(),
];

/** suite() for every engine that is here; of one that is not, the report says so. */
export function forEveryEngine(
  what: string,
  suite: (engine: Engine) => void,
  engines = enginesPresent,
): void {
  for (const engine of engines)
    describe(`${what}: ${engine.name} (${engine.variant})`, () => {
      suite(engine);
    });
  if (native === undefined)
    it(`${what}: tensorflow`, {
      skip: 'not set up on this machine: npm run engine:tensorflow does it',
    });
}
