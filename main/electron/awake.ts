/** Keeps the machine from going to sleep while something goes on: the others of a session would have to wait. */
import { powerSaveBlocker } from 'electron';

export class Awake {
  #blocker: number | undefined;

  keep(isAwake: boolean): void {
    if (isAwake && this.#blocker === undefined)
      this.#blocker = powerSaveBlocker.start('prevent-app-suspension');
    if (isAwake || this.#blocker === undefined) return;
    powerSaveBlocker.stop(this.#blocker);
    this.#blocker = undefined;
  }
}
