/** The drawings of this machine: kept by the host, shown by class; what is removed can be put back. */
import type { Drawing } from '../../core/contract/results.ts';
import type { AppState } from './app.svelte.ts';

export class DrawingsState {
  /** In the order they were drawn; null before they are known. */
  list = $state.raw<readonly Drawing[] | null>(null);
  /** [10] by label, the latest first. */
  readonly byLabel: readonly (readonly Drawing[])[] = $derived(
    Array.from({ length: 10 }, (_, label) =>
      (this.list ?? []).filter((drawing) => drawing.label === label).toReversed(),
    ),
  );
  readonly #app: AppState;

  constructor(app: AppState) {
    this.#app = app;
  }

  async load(): Promise<void> {
    try {
      this.list = await this.#app.call('drawings', {});
    } catch {
      // the host is away: it is asked again when it is back
    }
  }

  /** undefined where it could not be kept; whoever pressed has been told. */
  async add(label: number, pixels: Uint8Array): Promise<Drawing | undefined> {
    const drawing = await this.#app.attempt('addDrawing', { label, pixels });
    if (drawing !== undefined) this.list = [...(this.list ?? []), drawing];
    return drawing;
  }

  /** Resolves to whether they are gone. */
  async remove(ids: readonly number[]): Promise<boolean> {
    const removed = await this.#app.attempt('removeDrawings', { ids: [...ids] });
    if (removed === undefined) return false;
    this.list = (this.list ?? []).filter(({ id }) => !ids.includes(id));
    return true;
  }

  async restore(ids: readonly number[]): Promise<void> {
    await this.#app.attempt('restoreDrawings', { ids: [...ids] });
    await this.load();
  }
}
