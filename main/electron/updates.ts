/**
 * Looking for new versions: never unless a person has switched it on in the settings, and only in a package that says
 * where to look (app-update.yml, made when the package was built for a place that publishes it).
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** electron-updater's autoUpdater, as far as it is needed here. */
export interface Updater {
  autoDownload: boolean;
  autoInstallOnAppQuit: boolean;
  checkForUpdates(): Promise<{
    readonly isUpdateAvailable: boolean;
    readonly updateInfo: { readonly version: string };
  } | null>;
  downloadUpdate(): Promise<unknown>;
}

export interface UpdateParts {
  readonly load: () => Promise<Updater>;
  /** Whether a person wants this version. */
  readonly offer: (version: string) => Promise<boolean>;
  readonly log: (text: string) => void;
}

export function canUpdate(isPackaged: boolean, resourcesFolder: string): boolean {
  return isPackaged && existsSync(join(resourcesFolder, 'app-update.yml'));
}

/** Once each time it is switched on; without a network it is silent. */
export class Updates {
  readonly #parts: UpdateParts;
  #isOn = false;

  constructor(parts: UpdateParts) {
    this.#parts = parts;
  }

  async setOn(isOn: boolean): Promise<void> {
    const wasOn = this.#isOn;
    this.#isOn = isOn;
    if (!isOn || wasOn) return;
    const { load, offer, log } = this.#parts;
    try {
      const updater = await load();
      updater.autoDownload = false;
      updater.autoInstallOnAppQuit = true;
      const found = await updater.checkForUpdates();
      if (found?.isUpdateAvailable !== true) return;
      if (await offer(found.updateInfo.version)) await updater.downloadUpdate();
    } catch (error) {
      log(`cannot look for a new version: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
