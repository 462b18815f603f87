import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { FederationError } from '../../../core/errors/federation-error.ts';
import { writeReport } from '../../../main/report/write-report.ts';
import { parseResultJson } from '../../../main/report/result-file.ts';
import { sampleComparison } from './sample-results.ts';

describe('writeReport()', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'masquerade-report-'));
  });
  after(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('writes page, table and result into a folder that it makes, and nothing else', async () => {
    const result = sampleComparison();
    const directory = join(folder, 'new', 'folder');
    const files = await writeReport(result, directory);
    assert.deepEqual((await readdir(directory)).sort(), ['report.csv', 'report.html', 'report.json']);
    assert.match(await readFile(files.html, 'utf8'), /^<!doctype html>[^]*<\/html>\n$/);
    assert.match(await readFile(files.csv, 'utf8'), /^row,round,/);
    assert.deepEqual(parseResultJson(await readFile(files.json, 'utf8'), files.json), result);
  });

  it('replaces an earlier report, under the name and in the language asked for', async () => {
    const directory = join(folder, 'again');
    await writeReport(sampleComparison({ roundsDone: 1 }), directory, { name: 'run' });
    const { html } = await writeReport(sampleComparison(), directory, { name: 'run', language: 'fr' });
    assert.deepEqual((await readdir(directory)).sort(), ['run.csv', 'run.html', 'run.json']);
    assert.match(await readFile(html, 'utf8'), /<html lang="fr">[^]*run\.csv contient/);
  });

  it('says which folder cannot be written to, and leaves nothing behind', async () => {
    const file = join(folder, 'a-file');
    await writeFile(file, 'kept');
    await assert.rejects(writeReport(sampleComparison(), join(file, 'below')), (error) => {
      assert.ok(error instanceof FederationError);
      assert.ok(error.message.includes(join(file, 'below')));
      assert.equal(error.blame, 'user');
      return true;
    });
    assert.equal(await readFile(file, 'utf8'), 'kept');
  });

  it('leaves no temporary file when a name is taken by a folder', async () => {
    const directory = join(folder, 'taken');
    await mkdir(join(directory, 'report.json', 'inside'), { recursive: true });
    await assert.rejects(writeReport(sampleComparison(), directory), FederationError);
    assert.deepEqual(await readdir(directory), ['report.json']);
  });
});
