/** What a session tells its leader's screen: events as they come, floods and lists at a bounded rate. */
import type { OnSessionEvent, SessionEventBody } from '../../core/contract/session-event.ts';

/** Refused strangers told one by one in a second; of the rest, one for each reason, and how many. */
const refusalsPerSecond = 10;
const lobbyNewsMs = 200;
/** The list of hundreds goes to hundreds: telling it takes no more than one part in so many of the time. */
const lobbyNewsShare = 50;
const longestLobbyNewsMs = 2_000;

export class SessionNews {
  readonly #session: string;
  readonly #onEvent: OnSessionEvent;
  readonly #tellLobby: () => void;
  #lobbyTimer: NodeJS.Timeout | undefined;
  /** How long it took to tell the list last. */
  #lobbyTellingMs = 0;
  #refusalTimer: NodeJS.Timeout | undefined;
  #refusals = 0;
  #reasons = new Set<string>();
  #untold = 0;

  /** tellLobby: shows the lobby as it is now. */
  constructor(session: string, onEvent: OnSessionEvent, tellLobby: () => void) {
    this.#session = session;
    this.#onEvent = onEvent;
    this.#tellLobby = tellLobby;
  }

  emit(body: SessionEventBody): void {
    this.#onEvent({ at: new Date().toISOString(), session: this.#session, ...body });
  }

  /** The list will be shown, at most a few times a second. */
  lobbyChanged(): void {
    this.#lobbyTimer ??= setTimeout(
      () => {
        this.#lobbyTimer = undefined;
        const startedAt = performance.now();
        this.#tellLobby();
        this.#lobbyTellingMs = performance.now() - startedAt;
      },
      Math.min(longestLobbyNewsMs, Math.max(lobbyNewsMs, lobbyNewsShare * this.#lobbyTellingMs)),
    );
  }

  /** True when it was told by itself: whoever keeps refusals keeps those. */
  refused(address: string, reason: string): boolean {
    this.#refusals += 1;
    this.#refusalTimer ??= setTimeout(() => {
      const more = this.#untold;
      this.#refusals = 0;
      this.#untold = 0;
      this.#reasons.clear();
      this.#refusalTimer = undefined;
      if (more > 0)
        this.emit({
          type: 'note',
          text: `${more} more were refused in that second.`,
          code: 'more-refused',
          detail: { count: more },
        });
    }, 1_000);
    // a flood of one kind must not hide another
    if (this.#refusals > refusalsPerSecond && this.#reasons.has(reason)) {
      this.#untold += 1;
      return false;
    }
    this.#reasons.add(reason);
    this.emit({ type: 'turned-away', address, reason });
    return true;
  }

  close(): void {
    clearTimeout(this.#lobbyTimer);
    clearTimeout(this.#refusalTimer);
  }
}
