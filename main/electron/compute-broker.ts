/** Compute processes, which only main can start, for the host: each gets a port to it, so that main carries no results. */
import type { ComputeReport, ComputeRequest } from '../compute/port-launcher.ts';
import type { Forked, Machinery } from './machinery.ts';

/** A process that was asked to end has so long before it is ended by force, ms: training does not listen. */
const patienceMs = 300;

export class ComputeBroker<ChannelPort> {
  readonly #machinery: Machinery<ChannelPort>;
  readonly #tell: (report: ComputeReport, ports?: ChannelPort[]) => void;
  readonly #running = new Map<number, Forked<ChannelPort>>();
  /** Told to end before they had started. */
  readonly #unwanted = new Set<number>();

  constructor(
    machinery: Machinery<ChannelPort>,
    tell: (report: ComputeReport, ports?: ChannelPort[]) => void,
  ) {
    this.#machinery = machinery;
    this.#tell = tell;
  }

  asked({ kind, id }: ComputeRequest): void {
    if (kind === 'start-compute') this.#start(id);
    else this.#end(id);
  }

  /** Ends all of them: their owner is gone. */
  close(): void {
    for (const id of [...this.#running.keys()]) this.#end(id);
  }

  #start(id: number): void {
    let forked: Forked<ChannelPort>;
    try {
      forked = this.#machinery.forkCompute();
    } catch (error) {
      const how = error instanceof Error ? error.message : String(error);
      this.#tell({ kind: 'compute-ended', id, how });
      return;
    }
    this.#running.set(id, forked);
    const { port1, port2 } = this.#machinery.openChannel();
    forked.postMessage({ kind: 'owner' }, [port1]);
    this.#tell({ kind: 'compute-port', id }, [port2]);
    forked.on('spawn', () => {
      if (this.#unwanted.has(id)) this.#end(id);
      else if (forked.pid !== undefined) this.#tell({ kind: 'compute-spawned', id, pid: forked.pid });
    });
    forked.on('exit', (code) => {
      this.#running.delete(id);
      this.#unwanted.delete(id);
      this.#tell({ kind: 'compute-ended', id, how: `exit code ${code}` });
    });
  }

  #end(id: number): void {
    const forked = this.#running.get(id);
    if (forked === undefined) return;
    // undefined once it has ended
    const { pid } = forked;
    if (pid === undefined) this.#unwanted.add(id);
    forked.kill();
    setTimeout(() => {
      if (pid !== undefined && this.#running.get(id) === forked) this.#machinery.killHard(pid);
    }, patienceMs);
  }
}
