import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { openLogFile } from '../../../main/files/log-file.ts';

const root = mkdtempSync(join(tmpdir(), 'masquerade-log-'));
after(() => {
  rmSync(root, { recursive: true });
});

let folders = 0;
function newPath(): string {
  folders += 1;
  const folder = join(root, String(folders));
  mkdirSync(folder);
  return join(folder, 'masquerade.log');
}
const now = () => new Date('2026-11-25T21:00:00Z');
const time = '2026-11-25T21:00:00.000Z  ';

describe('openLogFile()', () => {
  it('adds lines with their time to what is there, for its owner alone', () => {
    const path = newPath();
    openLogFile(path, { now }).line('one');
    openLogFile(path, { now }).line('two');
    assert.equal(readFileSync(path, 'utf8'), `${time}one\n${time}two\n`);
    if (process.platform !== 'win32') assert.equal(statSync(path).mode & 0o777, 0o600);
  });

  it('makes one line of every text, whatever it holds, and cuts it off', () => {
    const path = newPath();
    const log = openLogFile(path, { now });
    log.line(`a\r\n${time}b\u0000\u001b[0m\u0085c`);
    log.line('x'.repeat(20_000));
    const [first, second, ...rest] = readFileSync(path, 'utf8').split('\n');
    assert.deepEqual([first, rest], [`${time}a | ${time}b | [0m | c`, ['']]);
    assert.equal(second!.length, time.length + 10_000);
  });

  it('keeps the newest of three files, each no longer than it may be by a line', () => {
    const path = newPath();
    const lineBytes = time.length + 51;
    const largestBytes = 5 * lineBytes;
    // opened again in the middle, as by another start
    for (let start = 0; start < 4; start += 1) {
      const log = openLogFile(path, { now, largestBytes });
      for (let index = 0; index < 8; index += 1) log.line(String(8 * start + index).padEnd(50, 'x'));
    }
    const folder = join(path, '..');
    assert.deepEqual(readdirSync(folder).sort(), ['masquerade.log', 'masquerade.log.1', 'masquerade.log.2']);
    const lines = ['.2', '.1', ''].flatMap((ending) => {
      const text = readFileSync(path + ending, 'utf8');
      assert.ok(text.length <= largestBytes);
      return text.trimEnd().split('\n');
    });
    // 32 lines in files of five: two whole ones, and two lines in the newest
    assert.deepEqual(
      lines.map((text) => Number.parseInt(text.slice(time.length), 10)),
      Array.from({ length: 12 }, (_, index) => 20 + index),
    );
  });

  it('loses lines rather than stop what it tells of, where it cannot be written', () => {
    const path = newPath();
    mkdirSync(path);
    openLogFile(path, { now }).line('one');
    openLogFile(join(root, 'nowhere', 'masquerade.log'), { now }).line('one');
    assert.ok(statSync(path).isDirectory());
  });
});
