/**
 * Builds the interface into build/out/interface: static files that any host can serve, nothing fetched from elsewhere.
 * Beside it, in build/out/interface-modules.json, what it was made of.
 */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin } from 'vite';
import { modulesOf } from '../modules-of.ts';

const root = fileURLToPath(new URL('../../renderer/', import.meta.url));

const listModules: Plugin = {
  name: 'list-modules',
  writeBundle: (_options, bundle) =>
    writeFile(
      fileURLToPath(new URL('../out/interface-modules.json', import.meta.url)),
      JSON.stringify(modulesOf(Object.values(bundle), root)),
    ),
};

export default defineConfig({
  root,
  base: './',
  publicDir: 'public',
  cacheDir: fileURLToPath(new URL('../out/vite/', import.meta.url)),
  plugins: [svelte({ configFile: false }), listModules],
  build: {
    outDir: fileURLToPath(new URL('../out/interface/', import.meta.url)),
    emptyOutDir: true,
    target: 'es2023',
    // light-dark() stays: a token is resolved where it is used, so that a part of a light page can be dark
    cssTarget: ['chrome125', 'firefox125', 'safari17.5'],
    // fonts and pictures stay files: data: URLs are not in the content security policy
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // served from this machine
    chunkSizeWarningLimit: 1_000,
    sourcemap: false,
  },
  worker: {
    format: 'es',
    // in a folder of its own: the hosts serve it under a policy of its own (main/host/worker-policy.ts)
    rolldownOptions: { output: { entryFileNames: 'assets/worker/[name]-[hash].js' } },
  },
});
