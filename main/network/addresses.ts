/** This machine's addresses as others may reach them, and addresses in one way of writing. */
import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os';

/** Of containers, virtual machines and tunnels: rarely what the people in the room are connected to. */
const VIRTUAL =
  /^(?:docker|br-|veth|virbr|vboxnet|vmnet|vethernet|utun|tun|tap|wg|zt|tailscale|llw|awdl)|virtual|wsl/i;
const PRIVATE = /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/;
const LINK_LOCAL = '169.254.';

type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

/**
 * Addresses at which others may find this machine, most likely first: private IPv4, other IPv4, IPv6, those of virtual
 * interfaces; the machine's own loopback only when there is nothing else. IPv6 addresses that hold on one link only
 * (fe80::) are left out, as they mean nothing without the name of an interface of the other machine.
 */
export function ownAddresses(interfaces: Interfaces = readInterfaces()): readonly string[] {
  const all = Object.entries(interfaces).flatMap(([name, infos]) =>
    (infos ?? []).map((info) => ({ name, ...info })),
  );
  const outside = all.filter(({ internal, address }) => !internal && !/^fe[89ab]/i.test(address));
  const usable = outside.length > 0 ? outside : all.filter(({ internal }) => internal);
  return usable
    .map((info, index) => ({ address: info.address, rank: rankOf(info), index }))
    .sort((one, other) => one.rank - other.rank || one.index - other.index)
    .map(({ address }) => address);
}

function rankOf({ name, family, address }: NetworkInterfaceInfo & { readonly name: string }): number {
  const kind = family === 'IPv6' ? 3 : PRIVATE.test(address) ? 0 : address.startsWith(LINK_LOCAL) ? 2 : 1;
  return VIRTUAL.test(name) ? kind + 4 : kind;
}

/** Some sandboxes do not let a process list them. */
export function readInterfaces(): Interfaces {
  try {
    return networkInterfaces();
  } catch {
    return {};
  }
}

/** A socket's address without the IPv6 form of an IPv4 address and without the name of an interface. */
export function plainAddress(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
}

/** What counts as one address: an IPv4 address, or an IPv6 network of 64 bits, all of whose addresses one host may use. */
export function addressKey(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('::');
  const groups = head.split(':').filter((group) => group !== '');
  if (tail !== undefined) {
    const after = tail.split(':').filter((group) => group !== '');
    while (groups.length + after.length < 8) groups.push('0');
    groups.push(...after);
  }
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
