/** What the application settles before its window is there. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describe, it } from 'node:test';
import { readOptions } from '../../../main/electron/options.ts';
import { paperColour } from '../../../main/electron/paper.ts';
import { unlockPage, unlockStyle } from '../../../main/electron/unlock-page.ts';
import { defaultDataFolder } from '../../../main/storage/data-folder.ts';

describe('readOptions()', () => {
  it('reads the data folder and the file of the passphrase in both spellings, among whatever else there is', () => {
    assert.deepEqual(
      readOptions(['--inspect=0', '.', '--data-dir', '/data', '--passphrase-file=/run/pass']),
      {
        folder: resolve('/data'),
        passphraseFile: resolve('/run/pass'),
      },
    );
  });

  it('falls back to the usual folder, also when an option has no value', () => {
    const usual = { folder: defaultDataFolder(), passphraseFile: undefined };
    assert.deepEqual(readOptions([]), usual);
    assert.deepEqual(readOptions(['masquerade://join/x', '--no-sandbox']), usual);
    assert.deepEqual(readOptions(['--data-dir=', '--passphrase-file']), usual);
  });
});

describe('paperColour()', () => {
  it('finds the colours of the paper in the tokens of the interface', async () => {
    const css = await readFile(new URL('../../../renderer/styles/tokens.css', import.meta.url), 'utf8');
    const [light, dark] = [paperColour(css, false), paperColour(css, true)];
    assert.match(light, /^#[0-9a-f]{6}$/);
    assert.match(dark, /^#[0-9a-f]{6}$/);
    assert.ok(light > dark);
  });

  it('throws where there is no such token', () => {
    assert.throws(() => paperColour(':root { --ink: #000000 }', true), /tokens\.css/);
  });
});

describe('unlockPage()', () => {
  const index =
    '<link rel="stylesheet" crossorigin href="./assets/index-0a1b2c3d.css"><link href="https://x/y.css">';

  it('asks in the language, without a script or a style of its own, by its policy', () => {
    const { html, policy } = unlockPage('fr', index);
    assert.match(html, /<html lang="fr">/);
    assert.match(html, /Votre phrase de passe/);
    assert.doesNotMatch(html, /<script|style=|<style|\son[a-z]+=/);
    assert.match(policy, /default-src 'none'/);
    assert.doesNotMatch(policy, /script-src|unsafe/);
  });

  it('wears the interface’s style sheet and its own, and no other', async () => {
    const { html } = unlockPage('en', index);
    assert.deepEqual(
      [...html.matchAll(/<link [^>]*href="([^"]+)"/g)].map(([, path]) => path),
      ['/assets/index-0a1b2c3d.css', unlockStyle.path],
    );
    await readFile(new URL(`../../../${unlockStyle.file}`, import.meta.url));
  });

  it('has a label for its field and a place where a screen reader hears what is wrong', () => {
    const { html } = unlockPage('en', index);
    assert.match(html, /<label for="passphrase">/);
    assert.match(html, /<input id="passphrase"[^>]*type="password"[^>]*aria-describedby="problem"/);
    assert.match(html, /<p id="problem" role="alert"/);
  });
});
