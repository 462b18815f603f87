/** The interface's own files, as the browser host serves them: nothing outside of their folder, nothing that is hidden. */
import { readFile, realpath } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { FederationError } from '../../core/errors/federation-error.ts';

export interface ServedFile {
  readonly bytes: Buffer;
  readonly type: string;
  /** Its name changes with its content. */
  readonly immutable: boolean;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
};

/** Parts of letters, digits, dots, dashes, underscores; none begins with a dot. */
const plainPath = /^(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$/;

export interface InterfaceFiles {
  /** path: of a URL, as it was sent; undefined where there is no such file. */
  read(path: string): Promise<ServedFile | undefined>;
}

/** Throws 'file-not-found' where the interface has not been built. */
export async function interfaceFiles(folder: string): Promise<InterfaceFiles> {
  const root = await realpath(folder).catch((cause: unknown) => {
    throw notBuilt(folder, cause);
  });
  await realpath(join(root, 'index.html')).catch((cause: unknown) => {
    throw notBuilt(folder, cause);
  });
  return {
    async read(path) {
      const wanted = path === '/' ? '/index.html' : path;
      const type = types[extname(wanted)];
      if (!plainPath.test(wanted) || type === undefined) return undefined;
      try {
        const found = await realpath(join(root, wanted));
        // a link in the folder may lead out of it
        if (!found.startsWith(root + sep)) return undefined;
        return { bytes: await readFile(found), type, immutable: wanted.startsWith('/assets/') };
      } catch {
        return undefined;
      }
    },
  };
}

function notBuilt(folder: string, cause: unknown): FederationError {
  return new FederationError(
    'file-not-found',
    `Cannot find the interface in ${folder}, where it must have been built. In the source tree: npm start.`,
    { details: { path: folder }, blame: 'user', action: 'correct', cause },
  );
}
