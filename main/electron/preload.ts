/** Runs before the page, in a world of its own; bundled to one CommonJS file, as a sandboxed preload must be. */
import { contextBridge, ipcRenderer } from 'electron';
import { createBridge } from './bridge.ts';

contextBridge.exposeInMainWorld('masquerade', createBridge(ipcRenderer));
