/** The engines of this machine and what was measured of them: asked for when the settings open, and when a choice changes. */
import type { MachineEngines } from '../../core/contract/engines.ts';
import { HostError, type AppState } from './app.svelte.ts';

export class EnginesState {
  known = $state.raw<MachineEngines | null>(null);
  measuring = $state(false);
  readonly #app: AppState;

  constructor(app: AppState) {
    this.#app = app;
    $effect(() => {
      // what the reference model would be trained with, and in how many processes
      void app.about?.preferences.engine;
      void app.about?.preferences.processes;
      if (!app.connected) return;
      let old = false;
      void app
        .call('engines', {})
        .then((known) => {
          if (!old) this.known = known;
        })
        .catch(() => undefined);
      return () => {
        old = true;
      };
    });
  }

  /** Returns whether it was measured; what went wrong has been said. */
  async measure(): Promise<boolean> {
    this.measuring = true;
    try {
      this.known = await this.#app.call('measureEngines', {});
      return true;
    } catch (error) {
      this.#app.toast(error instanceof HostError ? error.message : String(error), { kind: 'problem' });
      return false;
    } finally {
      this.measuring = false;
    }
  }
}
