/** Which source files a bundle was made of: their licences go along with it. */
import { resolve } from 'node:path';
import type { Rolldown } from 'vite';

/** folder: the one that names of pictures and fonts are relative to. */
export function modulesOf(
  files: readonly (Rolldown.OutputChunk | Rolldown.OutputAsset)[],
  folder: string,
): readonly string[] {
  return files.flatMap((file) =>
    file.type === 'chunk' ? file.moduleIds : file.originalFileNames.map((name) => resolve(folder, name)),
  );
}
