/** The engines of this machine: which are there, and what was measured of them. */
import type { EngineSpeed, EngineUsed, MachineEngines } from '../../core/contract/engines.ts';
import { runSettingsSchema } from '../../core/contract/run-settings.ts';
import { isFederationError } from '../../core/errors/federation-error.ts';
import { parameterCount } from '../../core/model/architecture.ts';
import type { Engine } from '../../core/model/engine.ts';
import { presetTopology } from '../../core/model/presets.ts';
import { chooseEngine, engineStates, engineUsed } from '../compute/engines.ts';
import { planProcesses } from '../compute/machine.ts';
import type { HostMethods } from './calls.ts';
import type { HostServices } from './services.ts';
import { processesOf } from './session-service.ts';

/** MNIST: the reference experiment's images. */
const images = { height: 28, width: 28, channels: 1, classes: 10 };
const imageCount = 70_000;
/** Whoever asks for figures waits for them, even where the machine is busy. */
const patienceMs = 60_000;

export function engineMethods(services: HostServices): Pick<HostMethods, 'engines' | 'measureEngines'> {
  const { engineSpeeds } = services;
  const { batch, clients } = runSettingsSchema.parse({});
  const topology = presetTopology('cnn', images);

  async function engines(): Promise<MachineEngines> {
    const [states, measured] = await Promise.all([engineStates(), engineSpeeds.measurements()]);
    return { engines: states, measured, reference: await reference() };
  }

  async function reference(): Promise<EngineUsed | null> {
    const asked = services.preferences().engine;
    try {
      const measure = async (able: readonly Engine[]): Promise<readonly EngineSpeed[]> =>
        (await engineSpeeds.remembered({ topology, batch }, able)) ?? [];
      const chosen = await chooseEngine(topology, { asked, measure });
      const plan = planProcesses({
        engine: chosen.engine.name,
        dataBytes: imageCount * (images.height * images.width + 1),
        parameters: parameterCount(topology),
        useful: clients,
        asked: processesOf(services),
      });
      return engineUsed(chosen, plan);
    } catch (error) {
      if (isFederationError(error) && error.code === 'engine-missing') return null;
      throw error;
    }
  }

  return {
    engines,
    async measureEngines() {
      await engineSpeeds.forget();
      const measure = engineSpeeds.of({ name: 'cnn', topology, batch }, patienceMs);
      await chooseEngine(topology, { measure });
      return engines();
    },
  };
}
