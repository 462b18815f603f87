import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { zipFile } from '../../../main/files/zip.ts';

const text = new TextEncoder().encode('one\n');

describe('zipFile()', () => {
  it('gives frozen bytes, the same at any time', () => {
    const local =
      '504b0304 1400 0000 0000 0000 2100 9fa817f8 04000000 04000000 0500 0000 612e747874 6f6e650a';
    const directory =
      '504b0102 1400 1400 0000 0000 0000 2100 9fa817f8 04000000 04000000 0500 0000 0000 0000 0000 00000000 00000000 612e747874';
    const end = '504b0506 0000 0000 0100 0100 33000000 27000000 0000';
    assert.equal(
      Buffer.from(zipFile([{ name: 'a.txt', bytes: text }])).toString('hex'),
      `${local}${directory}${end}`.replaceAll(' ', ''),
    );
  });

  it('is unpacked by other programs, byte for byte', (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'masquerade-zip-'));
    try {
      const weights = Uint8Array.from({ length: 100_000 }, (_, index) => (index * 131) % 256);
      const path = join(folder, 'model.zip');
      writeFileSync(
        path,
        zipFile([
          { name: 'weights.bin', bytes: weights },
          { name: 'empty', bytes: new Uint8Array() },
          { name: 'model.json', bytes: text },
        ]),
      );
      const script = `import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as packed:
    assert packed.testzip() is None
    packed.extractall(sys.argv[2])
    print(','.join(packed.namelist()))`;
      const { status, stdout, stderr, error } = spawnSync('python3', ['-c', script, path, folder]);
      if (error !== undefined) {
        t.skip('no Python here');
        return;
      }
      assert.equal(status, 0, String(stderr));
      assert.equal(String(stdout).trim(), 'weights.bin,empty,model.json');
      assert.deepEqual(new Uint8Array(readFileSync(join(folder, 'weights.bin'))), weights);
      assert.deepEqual(readFileSync(join(folder, 'model.json'), 'utf8'), 'one\n');
      assert.equal(readFileSync(join(folder, 'empty')).length, 0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
