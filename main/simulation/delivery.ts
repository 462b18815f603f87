/** What is on its way in a simulated room. */
import type { MessageType } from '../../core/wire/messages.ts';

export interface Delivery {
  /** self: a client's own vector, back from its training. */
  readonly to: 'client' | 'coordinator' | 'self';
  readonly client: number;
  /** Of the coordinator's messages: the phase that they begin, and the how manieth phase of this room it is. */
  readonly begins?: { readonly phase: string; readonly opening: number } | undefined;
  readonly deliver: () => void;
}

/** A message that a client is about to send. */
export interface Outgoing {
  readonly type: MessageType;
  readonly bytes: Uint8Array;
}
