/** This machine: what it is, what a person prefers, its identity and how that is protected. */
import { X509Certificate } from 'node:crypto';
import { availableParallelism } from 'node:os';
import process from 'node:process';
import { fromHex } from '../../core/bytes/bytes.ts';
import type { About, MachineDetails, Push } from '../../core/contract/host.ts';
import type { Preferences } from '../../core/contract/results.ts';
import { formatFingerprint } from '../../core/crypto/fingerprint.ts';
import { identityBackup, readIdentityBackup } from '../identity/backup.ts';
import type { IdentityRow, StoreSecret } from '../storage/store.ts';
import type { HostMethods } from './calls.ts';
import type { HostServices } from './services.ts';
import type { Shell } from './shell.ts';

export type MachineMethods = Pick<
  HostMethods,
  'about' | 'machine' | 'savePreferences' | 'backUpIdentity' | 'restoreIdentity' | 'protect' | 'report'
>;

export function machineMethods(parts: {
  readonly services: HostServices;
  readonly shell: Shell;
  readonly withoutPassphrase: StoreSecret;
  readonly logFile: string;
  readonly push: (push: Push) => void;
}): MachineMethods {
  const { services, shell, withoutPassphrase, logFile, push } = parts;
  const { store } = services;
  return {
    async about() {
      const { row } = await store.identity();
      return {
        version: services.version,
        shell: shell.kind,
        platform: process.platform,
        cores: availableParallelism(),
        dataFolder: store.folder,
        identity: shown(row),
        protection: store.protection,
        preferences: services.preferences(),
        imagesPerSecond: services.imagesPerSecond(),
        language: shell.language,
        can: {
          chooseFolder: shell.chooseFolder !== undefined,
          printToPdf: shell.printToPdf !== undefined,
          openLinks: shell.openLinks,
          update: shell.update,
        },
      };
    },
    async machine() {
      const { row } = await store.identity();
      // there under Electron alone
      const versions: NodeJS.Dict<string> = process.versions;
      return {
        certificate: certificateFacts(row.certificate),
        logFile,
        runtime: {
          node: process.versions.node,
          electron: versions['electron'] ?? null,
          chromium: versions['chrome'] ?? null,
        },
      };
    },
    savePreferences(change) {
      const given = Object.entries(change).filter(([, value]) => value !== undefined);
      const preferences: Preferences = { ...services.preferences(), ...Object.fromEntries(given) };
      store.savePreferences(preferences);
      push({ push: 'preferences', preferences });
      return preferences;
    },
    async backUpIdentity({ passphrase }) {
      const { identity, row } = await store.identity();
      const { certificate } = row;
      const file = {
        name: 'masquerade-identity.p12',
        type: 'application/x-pkcs12',
        bytes: await identityBackup({ identity, certificate, password: passphrase }),
      };
      return shell.saveFile === undefined ? file : { saved: await shell.saveFile(file) };
    },
    async restoreIdentity({ bytes, passphrase, replace }) {
      const { identity, certificate } = await readIdentityBackup({
        bytes,
        path: 'the file',
        password: passphrase,
        now: new Date(),
      });
      return shown(store.addIdentity(identity, certificate, replace));
    },
    async protect({ passphrase }) {
      await store.changeProtection(
        passphrase === null ? withoutPassphrase : { kind: 'passphrase', passphrase },
      );
      return null;
    },
    report({ message }) {
      services.log(`interface: ${message}`);
      return null;
    },
  };
}

function certificateFacts(der: Uint8Array): MachineDetails['certificate'] {
  try {
    const { subject, serialNumber, fingerprint256, validFrom, validTo } = new X509Certificate(
      Buffer.from(der),
    );
    return {
      subject: subject.replace(/^CN=/, ''),
      serial: serialNumber,
      sha256: formatFingerprint(fromHex(fingerprint256.replaceAll(':', '').toLowerCase())),
      validFrom: new Date(validFrom).toISOString(),
      validUntil: new Date(validTo).toISOString(),
    };
  } catch {
    return null;
  }
}

function shown({ fingerprint, bits, createdAt }: IdentityRow): About['identity'] {
  return { fingerprint: formatFingerprint(fromHex(fingerprint)), bits, createdAt };
}
