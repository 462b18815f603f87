/** Builds the desktop application into build/out/electron: `npm start` runs it there, packages are made of it. */
import { fileURLToPath } from 'node:url';
import { carryTensorflow } from '../tensorflow/carry.ts';
import { buildDesktop } from './bundle.ts';

const target = fileURLToPath(new URL('../out/electron/', import.meta.url));
await buildDesktop(target);
await carryTensorflow(target);
