/**
 * The interface's worker has a policy of its own: it alone compiles WebAssembly, which lets nothing else in, and it alone
 * does without everything that a page shows. The page keeps a policy under which nothing is compiled.
 */

/** As build/interface/vite.config.ts names it. */
const workerFolder = '/assets/worker/';

/** Same origin: its own script, and the modules that it fetches. */
const workerPolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The content security policy of a file of the interface, by its path from the origin. */
export function policyOf(path: string, pagePolicy: string): string {
  return path.startsWith(workerFolder) ? workerPolicy : pagePolicy;
}
