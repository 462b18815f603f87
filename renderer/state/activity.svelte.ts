/** One activity as this screen sees it: the host's state at the moment of watching, then every event folded into it. */
import type { ActivityCommand, WatchEvent } from '../../core/contract/watch-event.ts';
import type { Watched } from '../../core/contract/watched.ts';
import { foldEvent } from '../../core/watching/fold.ts';
import type { AppState } from './app.svelte.ts';
import { HostError } from './host-error.ts';

export class ActivityState {
  readonly id: string;
  /** null until it is known. */
  watched = $state.raw<Watched | null>(null);
  /** No such activity any more: the host was started anew, or it was closed. */
  missing = $state(false);
  readonly #app: AppState;
  readonly #listeners = new Set<(event: WatchEvent) => void>();
  #holders = 0;

  constructor(id: string, app: AppState) {
    this.id = id;
    this.#app = app;
  }

  /** Watches while somebody holds it; returns how to let go. For $effect. */
  hold(): () => void {
    this.#holders += 1;
    if (this.#holders === 1) void this.rewatch();
    return () => {
      this.#holders -= 1;
      if (this.#holders > 0) return;
      this.#app.forget(this.id);
      void this.#app.call('unwatch', { activity: this.id }).catch(() => undefined);
    };
  }

  /** Every event as it comes, for what moves once. Returns how to stop. */
  onEvent(listener: (event: WatchEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async rewatch(): Promise<void> {
    try {
      this.watched = await this.#app.call('watch', { activity: this.id });
      this.missing = false;
    } catch (error) {
      this.missing = error instanceof HostError && error.code === 'activity-unknown';
    }
  }

  take(events: readonly WatchEvent[]): void {
    let watched = this.watched;
    // what came before the answer to watch is in that answer
    if (watched === null) return;
    for (const event of events) watched = foldEvent(watched, event);
    this.watched = watched;
    for (const listener of this.#listeners) for (const event of events) listener(event);
  }

  async command(command: ActivityCommand): Promise<void> {
    await this.#app.attempt('command', { activity: this.id, command });
  }
}
