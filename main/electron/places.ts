/**
 * Where the parts of the application lie. The bundles stand in main/bundle of the application's folder, as deep as every
 * source file stands in main/: so what a source file finds beside itself by '../../' is there too, in a source tree
 * (build/out/electron) as in a package (app.asar).
 */
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

const inside = (path: string): string => `${root}${path}`;

export const places = {
  interface: inside('build/out/interface'),
  host: inside('main/bundle/host.cjs'),
  compute: inside('main/bundle/compute.cjs'),
  preload: inside('main/bundle/preload.cjs'),
  unlockPreload: inside('main/bundle/unlock-preload.cjs'),
  tokens: inside('renderer/styles/tokens.css'),
  icon: inside('main/bundle/icon.png'),
  inside,
};
