/** A compute worker without a browser: the worker's own answering on this thread, its messages copied as a port would. */
import { readFile } from 'node:fs/promises';
import { ComputeAnswering } from '../../renderer/compute/answering.ts';
import type { Answer, Question } from '../../renderer/compute/calls.ts';
import { ComputeWorker, type WorkerPort } from '../../renderer/compute/compute-worker.ts';

const folder = new URL('../../build/out/training-step/', import.meta.url);

async function modules(): Promise<Record<'relaxed' | 'plain', Uint8Array<ArrayBuffer>>> {
  const bytesOf = async (name: string): Promise<Uint8Array<ArrayBuffer>> =>
    new Uint8Array(await readFile(new URL(`${name}.wasm`, folder)));
  return { relaxed: await bytesOf('relaxed'), plain: await bytesOf('plain') };
}

/** With what was told of it: `terminated`, and the errors that a browser would tell. */
export class LocalPort implements WorkerPort {
  onmessage: WorkerPort['onmessage'] = null;
  onerror: WorkerPort['onerror'] = null;
  terminated = false;
  readonly #answering: ComputeAnswering;

  constructor(trainingStep = modules()) {
    this.#answering = new ComputeAnswering(trainingStep, (answer: Answer) => {
      if (this.terminated) return;
      this.onmessage?.({ data: structuredClone(answer) } as MessageEvent<Answer>);
    });
  }

  postMessage(question: Question): void {
    this.#answering.ask(structuredClone(question));
  }

  terminate(): void {
    this.terminated = true;
  }
}

export function localWorker(): ComputeWorker {
  return new ComputeWorker(new LocalPort());
}
