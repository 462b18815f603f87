/** The interface's end of a window's port to the host: calls, and what is pushed. */
import type { MessagePort } from 'node:worker_threads';
import type {
  CallResult,
  MethodArguments,
  MethodName,
  MethodResults,
  Push,
} from '../../core/contract/host.ts';

export interface PortCaller {
  /** Throws what the host says is wrong. */
  call<Name extends MethodName>(name: Name, args: MethodArguments<Name>): Promise<MethodResults[Name]>;
  readonly pushes: readonly Push[];
}

export function callOver(port: MessagePort): PortCaller {
  const waiting = new Map<number, (result: unknown) => void>();
  const pushes: Push[] = [];
  let nextId = 1;
  port.on('message', (message: { readonly id: number; readonly result: unknown } | Push) => {
    if ('push' in message) pushes.push(message);
    else waiting.get(message.id)?.(message.result);
  });
  return {
    pushes,
    async call<Name extends MethodName>(name: Name, args: MethodArguments<Name>) {
      const id = nextId;
      nextId += 1;
      const result = await new Promise<CallResult<Name>>((resolve) => {
        waiting.set(id, (answer) => {
          resolve(answer as CallResult<Name>);
        });
        port.postMessage({ id, name, args });
      });
      if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
      return result.value;
    },
  };
}
