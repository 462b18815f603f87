/** Builds the desktop application into build/out/electron: `npm start` runs it there, packages are made of it. */
import { fileURLToPath } from 'node:url';
import { buildDesktop } from './bundle.ts';

await buildDesktop(fileURLToPath(new URL('../out/electron/', import.meta.url)));
