/** What a host knows of its machine and keeps for a person: preferences, identity, protection, drawings, folders, log. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { preferencesSchema, type TakeAway } from '../../../core/contract/results.ts';
import { makeInvitation } from '../../../core/joining/join-link.ts';
import { type Shell } from '../../../main/host/shell.ts';
import { selfSignedCertificate } from '../../../main/identity/certificate.ts';
import { testIdentity } from '../../support/identities.ts';
import { writeSmallData } from '../compute/small-data.ts';
import { open } from '../storage/store-folder.ts';
import { Interface, openHost } from './open-host.ts';

const usual = preferencesSchema.parse({});
const pixels = Uint8Array.from({ length: 784 }, (_, index) => index % 251);

describe('about', () => {
  it('tells this machine, its identity and what the shell can do', async () => {
    const shell: Shell = {
      kind: 'electron',
      language: 'fr',
      openLinks: true,
      update: true,
      chooseFolder: () => Promise.resolve('/data/pictures'),
      printToPdf: () => Promise.resolve(new Uint8Array()),
    };
    const { host, folder, store } = await openHost({ shell });
    const screen = new Interface(host);
    const about = await screen.ask('about', {});
    assert.match(about.identity.fingerprint, /^([0-9A-F]{4} ){15}[0-9A-F]{4}$/);
    assert.deepEqual(
      [about.version, about.shell, about.language, about.dataFolder, about.protection, about.preferences],
      ['1.2.3', 'electron', 'fr', folder.data, 'wrapping-key', usual],
    );
    assert.deepEqual(about.can, { chooseFolder: true, printToPdf: true, openLinks: true, update: true });
    assert.equal(about.imagesPerSecond, null);
    assert.deepEqual(await screen.ask('chooseFolder', {}), { path: '/data/pictures' });
    store.saveMeasurement('imagesPerSecond', 5_400);
    assert.equal((await screen.ask('about', {})).imagesPerSecond, 5_400);
    await host.close();
  });

  it('a page in a browser cannot choose a folder or print', async () => {
    const { host } = await openHost();
    const screen = new Interface(host);
    const { can, shell } = await screen.ask('about', {});
    assert.deepEqual(
      [shell, can],
      ['browser', { chooseFolder: false, printToPdf: false, openLinks: false, update: false }],
    );
    assert.equal(await screen.ask('chooseFolder', {}), null);
    await host.close();
  });
});

describe('machine', () => {
  it('tells the certificate as other programs read it, the log and what it runs on', async () => {
    const { host, folder, store } = await openHost();
    const own = testIdentity(2);
    store.addIdentity(own, selfSignedCertificate(own, new Date('2026-11-25T21:00:00Z')), true);
    const screen = new Interface(host);
    const { certificate, logFile, runtime } = await screen.ask('machine', {});
    const { identity } = await screen.ask('about', {});
    assert.ok(certificate !== null);
    assert.equal(certificate.subject, `Masquerade ${identity.fingerprint.slice(0, 19)}`);
    assert.match(certificate.serial, /^0?1[0-9A-F]{30}$/);
    assert.match(certificate.sha256, /^([0-9A-F]{4} ){15}[0-9A-F]{4}$/);
    assert.deepEqual(
      [certificate.validFrom, certificate.validUntil],
      ['2026-11-25T21:00:00.000Z', '2036-11-25T21:00:00.000Z'],
    );
    assert.equal(logFile, join(folder.data, 'masquerade.log'));
    assert.deepEqual(runtime, { node: process.versions.node, electron: null, chromium: null });
    await host.close();
  });

  it('has no facts of a certificate that cannot be read', async () => {
    // the test's own is none
    const { host } = await openHost();
    assert.equal((await new Interface(host).ask('machine', {})).certificate, null);
    await host.close();
  });
});

describe('savePreferences', () => {
  it('changes what it names and leaves the rest, tells every interface, and lasts', async () => {
    const { host, folder } = await openHost();
    const [screen, other] = [new Interface(host), new Interface(host)];
    await screen.ask('savePreferences', { theme: 'dark', name: 'Zoë' });
    const kept = await screen.ask('savePreferences', { language: 'fr' });
    assert.deepEqual(kept, { ...usual, theme: 'dark', name: 'Zoë', language: 'fr' });
    assert.deepEqual(other.pushes.at(-1), { push: 'preferences', preferences: kept });
    await host.close();
    const again = await openHost({ folder });
    assert.deepEqual((await new Interface(again.host).ask('about', {})).preferences, kept);
    await again.host.close();
  });
});

describe('the identity', () => {
  it('goes into a backup and comes back from it on another machine, replacing only when asked to', async () => {
    const one = new Interface((await openHost()).host);
    const backup = await one.ask('backUpIdentity', { passphrase: 'correct horse battery' });
    assert.ok('bytes' in backup);
    assert.equal(backup.name, 'masquerade-identity.p12');
    const { identity } = await one.ask('about', {});

    const { host, store } = await openHost();
    store.addIdentity(testIdentity(2), Uint8Array.of(1), true);
    const other = new Interface(host);
    const restore = {
      bytes: new Uint8Array(backup.bytes),
      passphrase: 'correct horse battery',
      replace: false,
    };
    assert.equal((await other.refused('restoreIdentity', restore)).code, 'identity-exists');
    assert.equal(
      (await other.refused('restoreIdentity', { ...restore, passphrase: 'wrong' })).code,
      'password-wrong',
    );
    const damaged = { ...restore, bytes: restore.bytes.slice(0, 100) };
    assert.equal((await other.refused('restoreIdentity', damaged)).code, 'identity-damaged');
    const restored = await other.ask('restoreIdentity', { ...restore, replace: true });
    assert.equal(restored.fingerprint, identity.fingerprint);
    assert.deepEqual((await other.ask('about', {})).identity, restored);
    await host.close();
  });

  it('is backed up where the person says, in a window that can ask', async () => {
    const saved: TakeAway[] = [];
    const shell: Shell = {
      kind: 'electron',
      language: 'en',
      openLinks: true,
      update: false,
      saveFile: (file) => Promise.resolve(saved.push(file) === 1 ? '/safe/identity.p12' : null),
    };
    const { host } = await openHost({ shell });
    const screen = new Interface(host);
    const backUp = () => screen.ask('backUpIdentity', { passphrase: 'correct horse battery' });
    assert.deepEqual(await backUp(), { saved: '/safe/identity.p12' });
    assert.equal(saved[0]?.name, 'masquerade-identity.p12');
    assert.ok(saved[0].bytes.length > 1_000);
    // the person changed their mind
    assert.deepEqual(await backUp(), { saved: null });
    await host.close();
  });

  it('is backed up under 12 characters or more', async () => {
    const { host } = await openHost();
    const error = await new Interface(host).refused('backUpIdentity', { passphrase: 'short' });
    assert.equal(error.code, 'invalid-setting');
    assert.equal(error.message.includes('short'), false);
    await host.close();
  });

  it('lies under a passphrase once there is one, and under what the shell gives when it goes', async () => {
    const key = new Uint8Array(32).fill(9);
    const { host, folder } = await openHost({ withoutPassphrase: { kind: 'operating-system', key } });
    const screen = new Interface(host);
    const protection = async () => (await screen.ask('about', {})).protection;
    await screen.ask('protect', { passphrase: 'a walk in the park' });
    assert.equal(await protection(), 'passphrase');
    await screen.ask('protect', { passphrase: null });
    assert.equal(await protection(), 'operating-system');
    await screen.ask('protect', { passphrase: 'a walk in the park' });
    await host.close();
    await assert.rejects(open(folder), { code: 'passphrase-needed' });
    (await open(folder, { secret: { kind: 'passphrase', passphrase: 'a walk in the park' } })).close();
  });
});

describe('drawings', () => {
  it('are kept, removed, and restored', async () => {
    const { host } = await openHost({ now: () => new Date('2026-11-25T21:00:00Z') });
    const screen = new Interface(host);
    const drawn = await screen.ask('addDrawing', { label: 7, pixels });
    assert.deepEqual(drawn, { id: 1, label: 7, pixels, drawnAt: '2026-11-25T21:00:00.000Z' });
    await screen.ask('addDrawing', { label: 3, pixels });
    await screen.ask('removeDrawings', { ids: [1] });
    assert.deepEqual(
      (await screen.ask('drawings', {})).map(({ id }) => id),
      [2],
    );
    await screen.ask('restoreDrawings', { ids: [1] });
    assert.deepEqual((await screen.ask('drawings', {}))[0], drawn);
    await host.close();
  });
});

describe('describeData', () => {
  it('tells what is in a folder and shows of every class in turn', async () => {
    const folder = await writeSmallData();
    const { host } = await openHost();
    const screen = new Interface(host);
    const data = await screen.ask('describeData', { source: folder });
    assert.deepEqual(
      [
        data.kind,
        data.train,
        data.test,
        data.heldOut,
        data.classNames,
        data.height,
        data.width,
        data.channels,
      ],
      ['idx', 400, 2_500, false, ['0', '1', '2', '3'], 12, 12, 1],
    );
    assert.equal(
      data.perClass.reduce((sum, count) => sum + count, 0),
      400,
    );
    assert.deepEqual(data.samples.labels.slice(0, 8), [0, 1, 2, 3, 0, 1, 2, 3]);
    assert.equal(data.samples.pixels.length, 144 * data.samples.labels.length);
    // each class is brighter in its own quarter
    for (const [place, label] of data.samples.labels.entries()) {
      const quarters = [0, 0, 0, 0];
      for (let at = 0; at < 144; at += 1)
        quarters[2 * Number(at >= 72) + Number(at % 12 >= 6)]! += data.samples.pixels[144 * place + at]!;
      assert.equal(quarters.indexOf(Math.max(...quarters)), label);
    }
    await rm(folder, { recursive: true });
    assert.equal((await screen.refused('describeData', { source: folder })).code, 'file-not-found');
    await host.close();
  });
});

describe('readInvitation', () => {
  it('finds a link among words, and says what is wrong with one', async () => {
    const { host } = await openHost();
    const screen = new Interface(host);
    const endpoints = [
      { host: '192.168.1.7', port: 7_000 },
      { host: 'fd00::7', port: 7_000 },
    ];
    const { code, link } = makeInvitation(endpoints, new Uint8Array(32).fill(5));
    const addresses = ['192.168.1.7:7000', '[fd00::7]:7000'];
    assert.deepEqual(await screen.ask('readInvitation', { text: `Come: ${link} "now"` }), {
      addresses,
      link,
    });
    assert.deepEqual(await screen.ask('readInvitation', { text: ` ${code} ` }), {
      addresses: addresses.slice(0, 1),
      link: code,
    });
    assert.equal((await screen.refused('readInvitation', { text: 'hello' })).code, 'invalid-setting');
    assert.equal((await screen.refused('readInvitation', { text: '' })).code, 'invalid-setting');
    await host.close();
  });
});

describe('report', () => {
  it('puts one line into the log, whatever it holds', async () => {
    const { host, folder } = await openHost({ now: () => new Date('2026-11-25T21:00:00Z') });
    await new Interface(host).ask('report', { message: 'TypeError: x\n    at y (z.js:1)\r\n\u001b[31mred' });
    host.log('a line of the shell');
    assert.equal(
      readFileSync(join(folder.data, 'masquerade.log'), 'utf8'),
      '2026-11-25T21:00:00.000Z  interface: TypeError: x |     at y (z.js:1) | [31mred\n' +
        '2026-11-25T21:00:00.000Z  a line of the shell\n',
    );
    await host.close();
  });
});
