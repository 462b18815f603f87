/** What a data folder tells without its secrets, also while Masquerade has it open. */
import { currentIdentity } from './identities.ts';
import { databaseExists, databasePath, readDatabase, readingError } from './database.ts';
import { storedProtection } from './master-key.ts';
import { schemaVersion } from './migrations.ts';
import type { IdentityRow, StoreSecret } from './store.ts';

export interface FolderDescription {
  readonly identity: IdentityRow | undefined;
  /** undefined before the first start. */
  readonly protection: StoreSecret['kind'] | undefined;
}

/** Throws 'database-damaged', 'database-too-new', 'folder-unusable'. */
export function describeFolder(folder: string): FolderDescription {
  const path = databasePath(folder);
  const nothing = { identity: undefined, protection: undefined };
  if (!databaseExists(path)) return nothing;
  try {
    return readDatabase(path, (database) =>
      schemaVersion(database) === 0
        ? nothing
        : { identity: currentIdentity(database), protection: storedProtection(database) },
    );
  } catch (cause) {
    throw readingError(path, cause);
  }
}
