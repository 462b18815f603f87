import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import {
  externalLink,
  isInterfaceFrame,
  isLoadable,
  isOwnFile,
  isPermitted,
  isReload,
  LINKED_SITES,
} from '../../../main/electron/security.ts';

describe('isInterfaceFrame()', () => {
  const url = 'app://masquerade/index.html#/results';
  it('heeds the top frame of the interface alone', () => {
    assert.ok(isInterfaceFrame({ url, parent: null }));
    assert.equal(isInterfaceFrame({ url, parent: { url } }), false);
    assert.equal(isInterfaceFrame(null), false);
  });

  it('reads the address: what only looks like ours is another', () => {
    for (const other of [
      'app://masquerade.example/',
      'app://masquerade@example.org/',
      'https://example.org/app://masquerade/',
      'data:text/html,app://masquerade/',
      'about:blank',
      '',
    ])
      assert.equal(isInterfaceFrame({ url: other, parent: null }), false, other);
  });
});

describe('externalLink()', () => {
  it('lets out links to the sites that the interface names, over https', () => {
    for (const site of LINKED_SITES) assert.equal(externalLink(`https://${site}/x`), `https://${site}/x`);
  });

  it('lets out nothing else', () => {
    for (const link of [
      'http://arxiv.org/abs/1',
      'https://evil.example/',
      'https://arxiv.org.evil.example/',
      'https://arxiv.org@evil.example/',
      'https://me@arxiv.org/',
      'https://arxiv.org:8443/',
      'file:///etc/passwd',
      'smb://host/share',
      'javascript:alert(1)',
      'masquerade://join/x',
      'arxiv.org',
    ])
      assert.equal(externalLink(link), undefined, link);
  });

  it('knows every site that the interface links to', async () => {
    const folder = new URL('../../../renderer/', import.meta.url);
    const names = await readdir(folder, { recursive: true });
    for (const name of names.filter((file) => file.endsWith('.svelte'))) {
      const text = await readFile(new URL(name.replaceAll('\\', '/'), folder), 'utf8');
      for (const [, link = ''] of text.matchAll(/href="(https?:[^"]+)"/g))
        assert.notEqual(externalLink(link), undefined, `${name}: ${link}`);
    }
  });
});

describe('isPermitted()', () => {
  it('grants the interface copying and the full screen', () => {
    assert.ok(isPermitted('clipboard-sanitized-write', 'app://masquerade/'));
    assert.ok(isPermitted('fullscreen', 'app://masquerade/index.html'));
  });

  it('grants nothing else, and nothing to others', () => {
    for (const permission of [
      'media',
      'geolocation',
      'notifications',
      'clipboard-read',
      'openExternal',
      'fileSystem',
      'hid',
      'usb',
      'serial',
      'midi',
      'pointerLock',
      'idle-detection',
      'local-network-access',
      'unknown',
    ])
      assert.equal(isPermitted(permission, 'app://masquerade/'), false, permission);
    assert.equal(isPermitted('fullscreen', 'https://example.org/'), false);
  });
});

describe('isReload()', () => {
  const page = 'app://masquerade/index.html';

  it('is of the interface to itself, wherever in it', () => {
    for (const to of [page, `${page}#/lab`]) assert.ok(isReload(`${page}#/settings`, to), to);
  });

  it('is nothing else', () => {
    for (const [from, to] of [
      [page, 'app://masquerade/shell/unlock'],
      [page, `${page}?x`],
      ['https://example.org/', 'https://example.org/'],
      ['', ''],
    ] as const)
      assert.equal(isReload(from, to), false, to);
  });
});

describe('isLoadable()', () => {
  it('loads the interface and what it made', () => {
    for (const address of [
      'app://masquerade/assets/main.js',
      'blob:app://masquerade/0b9c',
      'data:image/png;base64,AA',
    ])
      assert.ok(isLoadable(address, false), address);
  });

  it('loads nothing from a network or a disk; the developer tools in a source tree only', () => {
    for (const address of [
      'https://arxiv.org/',
      'http://127.0.0.1:8080/',
      'ws://127.0.0.1/',
      'file:///etc/passwd',
      'blob:https://example.org/1',
      'app://other/',
      'devtools://devtools/bundled/x.js',
    ])
      assert.equal(isLoadable(address, false), false, address);
    assert.ok(isLoadable('devtools://devtools/bundled/x.js', true));
  });

  it('isOwnFile() knows what the interface made from what it did not', () => {
    assert.ok(isOwnFile('blob:app://masquerade/0b9c'));
    for (const other of ['blob:https://example.org/1', 'app://masquerade/index.html', 'data:text/plain,x'])
      assert.equal(isOwnFile(other), false, other);
  });
});
