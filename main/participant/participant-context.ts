/** What the parts of a participant's session share, once the coordinator is known and data and model are ready. */
import type { SessionEventBody } from '../../core/contract/session-event.ts';
import type { Body, MessageType } from '../../core/wire/messages.ts';
import type { Meeting } from './meeting.ts';
import type { ModelShelf } from './model-shelf.ts';
import type { ParticipantSessionOptions } from './participant-options.ts';
import type { Prepared } from './preparation.ts';

export interface ParticipantHost {
  /** Sealed as this person. */
  send<Type extends MessageType>(type: Type, body: Body<Type>): void;
  sendBytes(bytes: Uint8Array): void;
  emit(event: SessionEventBody): void;
  fail(error: unknown): void;
  /** Aborted when the session ends here. */
  readonly leaving: AbortSignal;
}

export interface ParticipantContext {
  readonly options: ParticipantSessionOptions;
  readonly meeting: Meeting;
  readonly prepared: Prepared;
  readonly shelf: ModelShelf;
  readonly host: ParticipantHost;
}
