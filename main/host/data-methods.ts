/** Data: folders, what is in them, invitations as text, and the drawings of this machine. */
import type { DataDescription } from '../../core/contract/host.ts';
import type { LabelledImages } from '../../core/datasets/dataset.ts';
import { formatEndpoint, parseInvitation } from '../../core/joining/join-link.ts';
import { openDataset } from '../data/load.ts';
import type { HostMethods } from './calls.ts';
import type { Removals } from './removals.ts';
import type { HostServices } from './services.ts';
import type { Shell } from './shell.ts';

export type DataMethods = Pick<
  HostMethods,
  | 'readInvitation'
  | 'chooseFolder'
  | 'describeData'
  | 'drawings'
  | 'addDrawing'
  | 'removeDrawings'
  | 'restoreDrawings'
>;

/** Images that a description shows. */
const sampleCount = 40;

export function dataMethods(parts: {
  readonly services: HostServices;
  readonly shell: Shell;
  readonly removals: Removals;
  readonly now: () => Date;
}): DataMethods {
  const { services, shell, removals, now } = parts;
  const { store } = services;
  return {
    readInvitation({ text }) {
      const { endpoints } = parseInvitation(text);
      return { addresses: endpoints.map(formatEndpoint), link: invitationIn(text) };
    },
    async chooseFolder() {
      const path = (await shell.chooseFolder?.()) ?? null;
      return path === null ? null : { path };
    },
    describeData: ({ source }) => describeData(source),
    drawings: () => store.drawings(),
    addDrawing: ({ label, pixels }) => store.addDrawing({ label, pixels, drawnAt: now().toISOString() }),
    removeDrawings({ ids }) {
      store.removeDrawings(ids, removals.now());
      return null;
    },
    restoreDrawings({ ids }) {
      store.restoreDrawings(ids);
      return null;
    },
  };
}

/** Without the words that a message has around a link. */
function invitationIn(text: string): string {
  return /masquerade:\/\/join\/[^\s"'<>]+/i.exec(text)?.[0] ?? text.trim();
}

async function describeData(source: string): Promise<DataDescription> {
  const { dataset, kind, heldOut } = await openDataset(source);
  const { name, classNames, train, test } = dataset;
  const perClass = classNames.map(() => 0);
  for (const label of train.labels) perClass[label]! += 1;
  const { height, width, channels } = train;
  return {
    name,
    kind,
    train: train.count,
    test: test.count,
    heldOut,
    classNames,
    perClass,
    height,
    width,
    channels,
    samples: someOfEachClass(train, classNames.length),
  };
}

/** The first image of every class, then the second, ... */
function someOfEachClass(images: LabelledImages, classes: number): DataDescription['samples'] {
  const ofClass = Array.from({ length: classes }, (): number[] => []);
  const wanted = Math.ceil(sampleCount / classes);
  for (const [index, label] of images.labels.entries()) {
    const known = ofClass[label]!;
    if (known.length < wanted) known.push(index);
  }
  const turns = Array.from({ length: wanted }, (_, turn) =>
    ofClass.flatMap((known) => known.slice(turn, turn + 1)),
  );
  const chosen = turns.flat().slice(0, Math.max(sampleCount, classes));
  const size = images.height * images.width * images.channels;
  const pixels = new Uint8Array(chosen.length * size);
  for (const [place, index] of chosen.entries())
    pixels.set(images.images.subarray(index * size, (index + 1) * size), place * size);
  return { pixels, labels: chosen.map((index) => images.labels[index]!) };
}
