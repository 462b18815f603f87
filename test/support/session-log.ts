/** What a machine of a session has told, to be waited for: events in their order, and the next that fits. */

export interface Told {
  readonly type: string;
  readonly [field: string]: unknown;
}

export type What = string | ((event: Told) => boolean);

/** Longer than anything takes on a busy machine, shorter than a test may hang. */
const patienceMs = 60_000;

export class SessionLog {
  readonly events: Told[] = [];
  readonly #who: string;
  readonly #watchers = new Set<(event: Told) => void>();
  #end: string | undefined;

  constructor(who: string) {
    this.#who = who;
  }

  put(event: Told): void {
    this.events.push(event);
    for (const watcher of [...this.#watchers]) watcher(event);
  }

  /** Nothing comes any more: whoever still waits gets an error that says so. */
  ended(how: string): void {
    this.#end = how;
    for (const watcher of [...this.#watchers]) watcher({ type: '' });
  }

  /** The first event that fits, after the first `from` ones. */
  until(what: What, options: { readonly from?: number; readonly withinMs?: number } = {}): Promise<Told> {
    const { from = 0, withinMs = patienceMs } = options;
    const fits = typeof what === 'string' ? (event: Told) => event.type === what : what;
    const earlier = this.events.slice(from).find(fits);
    if (earlier !== undefined) return Promise.resolve(earlier);
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer);
        this.#watchers.delete(watcher);
      };
      const refuse = (why: string): void => {
        settle();
        reject(new Error(`${this.#who}: ${why} while waiting for ${String(what)}; ${this.#tail()}`));
      };
      const watcher = (event: Told): void => {
        if (fits(event)) {
          settle();
          resolve(event);
        } else if (this.#end !== undefined) refuse(`ended (${this.#end})`);
      };
      const timer = setTimeout(() => {
        refuse(`${withinMs} ms have passed`);
      }, withinMs);
      if (this.#end !== undefined) refuse(`has ended (${this.#end})`);
      else this.#watchers.add(watcher);
    });
  }

  all(what: What): Told[] {
    return this.events.filter(typeof what === 'string' ? (event) => event.type === what : what);
  }

  last(type: string): Told | undefined {
    return this.events.findLast((event) => event.type === type);
  }

  #tail(): string {
    return `last told: ${this.events
      .slice(-12)
      .map((event) => JSON.stringify(event).slice(0, 200))
      .join('\n  ')}`;
  }
}

/** A step of the protocol, flat as `--json` prints it or as the services tell it. */
export function step(kind: string, round?: number, phase?: string): (event: Told) => boolean {
  const wanted = { kind, round, phase };
  return (event) => {
    if (event.type !== 'protocol') return false;
    const fields = (event['event'] ?? event) as Told;
    return Object.entries(wanted).every(([name, value]) => value === undefined || fields[name] === value);
  };
}

/** An event of a type with these fields. */
export function told(type: string, fields: Readonly<Record<string, unknown>> = {}): (event: Told) => boolean {
  return (event) =>
    event.type === type && Object.entries(fields).every(([name, value]) => event[name] === value);
}

/** A coordinator's list of so many people. */
export const inLobby =
  (count: number) =>
  (event: Told): boolean =>
    event.type === 'lobby' && (event['participants'] as unknown[]).length === count;
