/** Sessions on the local network, looked for while any interface asks. Nothing of what is found is trusted. */
import type { NearbySession } from '../../core/contract/host.ts';
import { formatEndpoint } from '../../core/joining/join-link.ts';
import { browse, type Discovery, type DiscoveryOptions, type FoundSession } from '../network/discovery.ts';

export class Nearby {
  readonly #onChange: (sessions: readonly NearbySession[]) => void;
  readonly #options: DiscoveryOptions;
  readonly #asking = new Set<unknown>();
  readonly #found = new Map<string, NearbySession>();
  #discovery: Discovery | undefined;

  constructor(onChange: (sessions: readonly NearbySession[]) => void, options: DiscoveryOptions = {}) {
    this.#onChange = onChange;
    this.#options = options;
  }

  /** In the order in which they were found. */
  get sessions(): readonly NearbySession[] {
    return [...this.#found.values()];
  }

  /** An interface asks, or no longer does. */
  ask(who: unknown, on: boolean): readonly NearbySession[] {
    if (on) this.#asking.add(who);
    else this.#asking.delete(who);
    if (this.#asking.size === 0) void this.close();
    else this.#discovery ??= this.#browse();
    return this.sessions;
  }

  async close(): Promise<void> {
    const discovery = this.#discovery;
    this.#asking.clear();
    this.#discovery = undefined;
    this.#found.clear();
    await discovery?.stop();
  }

  #browse(): Discovery {
    const change = (act: () => void): void => {
      // what a search that was ended still finds is not listed any more
      if (this.#discovery !== discovery) return;
      act();
      this.#onChange(this.sessions);
    };
    const discovery = browse(
      {
        found: (session: FoundSession) => {
          change(() => this.#found.set(session.session, shown(session)));
        },
        lost: (session: string) => {
          change(() => this.#found.delete(session));
        },
      },
      this.#options,
    );
    return discovery;
  }
}

function shown({ session, title, link, addresses }: FoundSession): NearbySession {
  return { session, title, link, addresses: addresses.map(formatEndpoint) };
}
