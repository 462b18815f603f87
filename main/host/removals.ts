/** What a person removes can be restored for a while, then it is deleted for good. */
import type { Store } from '../storage/store.ts';

/** ms */
const undoMs = 10 * 60_000;

export interface Removals {
  /** The time to remove things at; they are purged when it has been long enough ago. */
  now(): string;
  /** Nobody can restore anything any more. */
  end(): void;
}

export function purgeLater(store: Pick<Store, 'purgeRemoved'>, now: () => Date): Removals {
  const timers = new Set<NodeJS.Timeout>();
  return {
    now() {
      const removedAt = now().toISOString();
      const timer = setTimeout(() => {
        timers.delete(timer);
        store.purgeRemoved(removedAt);
      }, undoMs);
      // the end of the host purges too
      timer.unref();
      timers.add(timer);
      return removedAt;
    },
    end() {
      for (const timer of timers) clearTimeout(timer);
      if (timers.size > 0) store.purgeRemoved();
    },
  };
}
