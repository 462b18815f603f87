/** A host on a store in a temporary folder, and interfaces connected to it that keep what they are told. */
import assert from 'node:assert/strict';
import type { MethodArguments, MethodName, MethodResults, Push } from '../../../core/contract/host.ts';
import type { CallError } from '../../../core/contract/host.ts';
import { createHost, type Host, type HostClient, type HostOptions } from '../../../main/host/host.ts';
import { browserShell } from '../../../main/host/shell.ts';
import type { Store } from '../../../main/storage/store.ts';
import { addTestIdentity, newFolder, open, type StoreFolder } from '../storage/store-folder.ts';

export class Interface {
  readonly pushes: Push[] = [];
  readonly client: HostClient;

  constructor(host: Host) {
    this.client = host.connect((push) => this.pushes.push(push));
  }

  /** The value; fails the test where it is an error. */
  async ask<Name extends MethodName>(name: Name, args: MethodArguments<Name>): Promise<MethodResults[Name]> {
    const result = await this.client.call(name, args);
    assert.ok(result.ok, `${name}: ${result.ok ? '' : `${result.error.code}, ${result.error.message}`}`);
    return result.value as MethodResults[Name];
  }

  /** The error; fails the test where there is none. */
  async refused(name: string, args: unknown): Promise<CallError> {
    const result = await this.client.call(name, args);
    assert.ok(!result.ok, `${name} is not refused`);
    return result.error;
  }

  /** The next push of this kind that fits, among those that came before too. */
  async told<Kind extends Push['push']>(
    kind: Kind,
    fits: (push: Push & { push: Kind }) => boolean = () => true,
  ): Promise<Push & { push: Kind }> {
    for (let tries = 0; tries < 10_000; tries += 1) {
      const found = this.pushes.find((push) => push.push === kind && fits(push as Push & { push: Kind }));
      if (found !== undefined) return found as Push & { push: Kind };
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    throw new Error(`nobody was told of ${kind}`);
  }
}

export interface OpenedHost {
  readonly folder: StoreFolder;
  readonly store: Store;
  readonly host: Host;
}

export async function openHost(
  options: Partial<Omit<HostOptions, 'store'>> & { readonly folder?: StoreFolder } = {},
): Promise<OpenedHost> {
  const { folder = newFolder(), ...rest } = options;
  const store = await open(folder);
  if (store.identities().length === 0) addTestIdentity(store);
  const host = createHost({ store, version: '1.2.3', shell: browserShell('en'), ...rest });
  return { folder, store, host };
}
