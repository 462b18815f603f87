/** TensorFlow, where it was set up, for an application that is built or packaged. */
import { cp, link, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readTensorflowRecord, recordName, tensorflowFolder } from '../../main/compute/tensorflow-facts.ts';

/** Where it lies in the source tree and in applications alike. */
export const carriedAt = 'build/out/tensorflow';

/**
 * Puts it below the folder of an application, by links where the disk allows it. Returns the folders of the packages
 * that it consists of, for the list of licences; none where it was not set up.
 */
export async function carryTensorflow(application: string): Promise<readonly string[]> {
  const record = await readTensorflowRecord();
  if (record === undefined) return [];
  const from = fileURLToPath(tensorflowFolder);
  const paths = [recordName, ...record.files.map(({ path }) => path)];
  for (const path of paths) {
    const to = join(application, carriedAt, path);
    await mkdir(dirname(to), { recursive: true });
    // another disk, or one without links
    await link(join(from, path), to).catch(() => cp(join(from, path), to));
  }
  const packages = ['', 'node_modules/@tensorflow/tfjs-node', 'node_modules/google-protobuf'];
  return packages.map((name) => join(from, name));
}
