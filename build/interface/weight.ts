/** What a page has fetched, as a browser would have it over a network. */
import { gzipSync } from 'node:zlib';
import type { Response } from 'playwright-core';

/** Bytes of its scripts and styles, each once, gzipped. */
export async function gzippedBytes(responses: readonly Response[]): Promise<number> {
  let bytes = 0;
  const counted = new Set<string>();
  for (const response of responses) {
    const address = response.url();
    if (!/\.(?:js|css)$/.test(address) || counted.has(address)) continue;
    counted.add(address);
    bytes += gzipSync(await response.body(), { level: 9 }).length;
  }
  return bytes;
}
