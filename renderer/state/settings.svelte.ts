/** Changing a preference: it holds at once, and says so with a way back. */
import type { MachineDetails } from '../../core/contract/host.ts';
import type { Preferences } from '../../core/contract/results.ts';
import type { AppState } from './app.svelte.ts';

/** words: said once it holds, so that a language is confirmed in itself. Nothing happens where it is so already. */
export function changePreference<Name extends keyof Preferences>(
  app: AppState,
  name: Name,
  value: Preferences[Name],
  words: () => { readonly what: string; readonly value: string },
): void {
  const before = app.about?.preferences[name];
  if (before === undefined || before === value) return;
  void app.savePreferences({ [name]: value });
  app.toast(app.texts.t('settings.changed', words()), {
    topic: `settings.${name}`,
    undo: () => void app.savePreferences({ [name]: before }),
  });
}

/** What only the settings show: asked for when they open, and when the identity changes. */
export class MachineState {
  details = $state.raw<MachineDetails | null>(null);

  constructor(app: AppState) {
    $effect(() => {
      // another identity has another certificate
      void app.about?.identity.fingerprint;
      if (!app.connected) return;
      let old = false;
      void app
        .call('machine', {})
        .then((details) => {
          if (!old) this.details = details;
        })
        .catch(() => undefined);
      return () => {
        old = true;
      };
    });
  }
}

/** A secret that protects something for years: as the host asks of backups. */
export const shortestPassphrase = 12;

/** Characters as a person counts them. */
export function isLongEnough(passphrase: string): boolean {
  return Array.from(passphrase).length >= shortestPassphrase;
}
