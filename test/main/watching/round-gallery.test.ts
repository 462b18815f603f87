/** A real round's pictures against its vectors. */
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { it } from 'node:test';
import type { SumPicture } from '../../../core/contract/pictures.ts';
import { runSettingsSchema } from '../../../core/contract/run-settings.ts';
import { unpackBits } from '../../../core/secagg/packing.ts';
import { runFederated } from '../../../main/simulation/federated.ts';
import { openWorkbench } from '../../../main/simulation/open-workbench.ts';
import { pictureLayout } from '../../../main/watching/picture-layout.ts';
import { RoundGallery } from '../../../main/watching/round-gallery.ts';
import { maskedPicture, readablePicture, robustScale } from '../../../main/watching/vector-picture.ts';
import { writeSmallMnist } from '../compute/small-data.ts';

it("RoundGallery shows every client's vectors, and their sum modulo 2^bits, then the mean", async (test) => {
  const dataset = await writeSmallMnist();
  test.after(() => rm(dataset, { recursive: true }));
  const settings = runSettingsSchema.parse({
    dataset,
    clients: 4,
    rounds: 1,
    model: 'cnn-light',
    examplesPerClient: 30,
    processes: 1,
  });
  const bench = await openWorkbench(settings, () => undefined);
  const { parameters, topology } = bench;
  const { bits, vectorLength } = parameters;
  const gallery = new RoundGallery(topology, parameters);
  let layout: ReturnType<typeof pictureLayout> | undefined;
  const updates = new Map<number, Float32Array>();
  const sent = new Map<number, { masked: Uint32Array; vector: Uint32Array }>();
  const first: number[] = [];
  let mean: Float64Array | undefined;
  let whole: SumPicture | null = null;
  await runFederated(bench, {
    version: 'test',
    signal: new AbortController().signal,
    onProgress: (progress) => {
      if (progress.kind !== 'protocol') return;
      const { kind, phase } = progress.event;
      if (kind !== 'verified' || phase !== 'masked-input') return;
      gallery.added();
      const picture = gallery.sumPicture(null);
      if (picture?.added === 4) whole = picture;
    },
    witness: {
      attemptStarts(round, weights, sum) {
        layout = pictureLayout(topology, weights);
        assert.equal(gallery.sumPicture(null), null);
        gallery.attemptStarts(round, weights, sum);
      },
      trained(client, update) {
        first.push(client);
        updates.set(client, update.slice());
        gallery.trained(client, update);
        assert.equal(gallery.pictures(client, null)?.masked, null);
      },
      vectorSent(client, packed, vector) {
        assert.ok(vector instanceof Uint32Array);
        sent.set(client, { masked: unpackBits(packed, vectorLength, bits)!, vector: vector.slice() });
        gallery.vectorSent(client, packed, vector);
      },
      summed(given) {
        mean = given?.slice();
        gallery.summed(given);
      },
    },
  });
  await bench.pool.close();
  assert.ok(layout !== undefined && mean !== undefined);
  const scale = robustScale(updates.get(first[0]!)!);
  const sum = new Uint32Array(vectorLength);
  for (const client of [1, 2, 3, 4]) {
    const { masked, vector } = sent.get(client)!;
    const pictures = gallery.pictures(client, 1)!;
    assert.deepEqual(pictures.update, readablePicture(updates.get(client)!, layout, scale));
    assert.deepEqual(pictures.masked, maskedPicture(masked, bits, layout));
    const mask = masked.map((word, index) => word - vector[index]!);
    assert.deepEqual(pictures.mask, maskedPicture(mask, bits, layout));
    for (let index = 0; index < vectorLength; index += 1) sum[index]! += masked[index]!;
  }
  assert.deepEqual(whole, {
    round: 1,
    added: 4,
    readable: false,
    picture: maskedPicture(sum, bits, layout),
  });
  assert.deepEqual(gallery.sumPicture(1), {
    round: 1,
    added: 4,
    readable: true,
    picture: readablePicture(mean, layout, scale),
  });
});
