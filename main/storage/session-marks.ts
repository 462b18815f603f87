/**
 * The second place of what a client must remember (core/secagg/client-session.ts): one small file per session, outside
 * the data folder, that names the record in the database by its digest. A data folder that was copied, restored or moved
 * does not find it; a database whose content was put back to an earlier state does not fit it. Either way the client
 * sits the session out.
 *
 * Two files cannot change at once, so a record also names the one before it, and a record fits a mark when the mark
 * names it or its predecessor. To save record c after record b:
 *
 * | what has reached the disk      | mark | database   | at the next start                                      |
 * |--------------------------------|------|------------|--------------------------------------------------------|
 * | 0                              | b    | b after a  | b fits                                                 |
 * | 1. the record                  | b    | c after b  | c fits, as its predecessor is named                    |
 * | 2. the mark; the call returns  | c    | c after b  | c fits; b, brought back, does not: it comes after a    |
 *
 * A crash in between bars nobody. Between 1 and 2 record b would still fit if it were brought back, and harmlessly so:
 * saving c has not returned, so nothing that depends on c was sent. Before a session's first record the mark "none" is
 * written: no mark and no record is a first start, no mark and a record is a copy.
 *
 * The token of a record changes at every start, the record with every step, so no two states have the same digest.
 *
 * The mark is found by identity and session, wherever the folder lies, so that a folder brought back from before the
 * session, without a record, meets it too. It holds what binds it: a digest over machine, the folder's real path and the
 * database file's inode (not the device's number, which changes when a system restarts). Marks outlive
 * deleteSession(): whoever deletes a session and is asked to join it again does not remember what was signed, and must
 * not vote.
 *
 * Does not notice a restoration of both places at once, path and inode included.
 */
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { toHex, utf8 } from '../../core/bytes/bytes.ts';
import { sha256 } from '../../core/crypto/hash.ts';
import { createFlushed, overwriteFlushed, syncFolder } from './flushed-files.ts';
import { systemError } from './storage-errors.ts';

/** The digest of no record at all; as long as any other. */
export const NO_RECORD = '-'.repeat(64);

const FORM = /^masquerade mark 1\n([0-9a-f]{64})\n([0-9a-f]{64}|-{64})\n$/;

/** SHA-256 of a record as it is stored, hexadecimal. */
export function recordDigest(text: string): string {
  return toHex(sha256(utf8(text)));
}

export interface SessionMark {
  /** Of the record it names; 'damaged' for a file that is no mark. */
  readonly digest: string;
  /** Whether it was written on this machine for this very database file. */
  readonly isBound: boolean;
}

export interface SessionMarks {
  /** `identity`: fingerprint of the member. */
  read(identity: string, session: string): SessionMark | undefined;
  /** Flushed when it returns. */
  write(identity: string, session: string, digest: string): void;
}

export function openSessionMarks(options: {
  readonly stateFolder: string;
  readonly machine: string;
  /** Real path of the data folder. */
  readonly folder: string;
  readonly databasePath: string;
}): SessionMarks {
  const { stateFolder, machine, folder, databasePath } = options;
  const marksFolder = join(stateFolder, 'session-marks');
  const { ino } = statSync(databasePath, { bigint: true });
  const binding = recordDigest(JSON.stringify([machine, folder, ino.toString()]));
  const pathOf = (identity: string, session: string): string =>
    join(marksFolder, recordDigest(JSON.stringify([identity, session])));

  const read = (path: string): SessionMark | undefined => {
    try {
      const [, boundTo, digest] = FORM.exec(readFileSync(path, 'latin1')) ?? [];
      return { digest: digest ?? 'damaged', isBound: boundTo === binding };
    } catch (cause) {
      if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
      throw systemError(path, cause);
    }
  };
  return {
    read: (identity, session) => read(pathOf(identity, session)),
    write(identity, session, digest) {
      const path = pathOf(identity, session);
      const content = `masquerade mark 1\n${binding}\n${digest}\n`;
      try {
        const found = read(path);
        if (found !== undefined && found.digest !== 'damaged') {
          overwriteFlushed(path, content);
          return;
        }
        if (mkdirSync(marksFolder, { recursive: true, mode: 0o700 }) !== undefined) syncFolder(stateFolder);
        createFlushed(path, content);
      } catch (cause) {
        throw systemError(path, cause);
      }
    },
  };
}
