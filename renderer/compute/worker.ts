/**
 * The page's compute worker: fetches the training step's two builds and answers. Hosts serve it under a policy of its own
 * (main/host/worker-policy.ts): here WebAssembly may be compiled, in the page it may not.
 */
import { ComputeAnswering } from './answering.ts';
import type { Answer, Question } from './calls.ts';

/** DedicatedWorkerGlobalScope, as far as it is needed here: the page's types are another global's. */
interface Scope {
  onmessage: ((event: MessageEvent<Question>) => void) | null;
  postMessage(message: Answer): void;
}

const scope = globalThis as unknown as Scope;

async function bytesOf(address: URL): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address.pathname}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

async function fetchModules(): Promise<Record<'relaxed' | 'plain', Uint8Array<ArrayBuffer>>> {
  const [relaxed, plain] = await Promise.all([
    bytesOf(new URL('../../build/out/training-step/relaxed.wasm', import.meta.url)),
    bytesOf(new URL('../../build/out/training-step/plain.wasm', import.meta.url)),
  ]);
  return { relaxed, plain };
}

const answering = new ComputeAnswering(fetchModules(), (answer) => {
  scope.postMessage(answer);
});
scope.onmessage = ({ data }) => {
  answering.ask(data);
};
