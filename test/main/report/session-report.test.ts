/** The report of a session: what a simulation's has, without what no machine of a session can know. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseHTML } from 'linkedom';
import type { SessionResult } from '../../../core/contract/session-result.ts';
import { resultCsv } from '../../../main/report/csv.ts';
import { renderReport } from '../../../main/report/document.ts';
import { parseResultJson, resultJson } from '../../../main/report/result-file.ts';
import type { Language } from '../../../renderer/messages/formats.ts';
import { sampleSession, sampleSimulation } from './sample-results.ts';

async function page(result: SessionResult, language: Language = 'en'): Promise<Document> {
  const html = await renderReport(result, { language, files: { csv: 'a.csv', json: 'a.json' } });
  return parseHTML(html.replace(/<style>[^]*<\/style>/, '')).document;
}

/** Words in reading order, a space between cells. */
function textOf(document: Document, selector: string): string {
  return [...document.querySelectorAll(selector)]
    .map((element) => {
      const words: string[] = [];
      const visit = (node: Node): void => {
        if (node.nodeType === 3) words.push(node.textContent ?? '');
        else node.childNodes.forEach(visit);
      };
      visit(element);
      return words.join(' ').replaceAll(/\s+/g, ' ').trim();
    })
    .join(' | ');
}

describe('renderReport() of a session', () => {
  it('says who took part, under which keys, in how many sums, and what became of the rosters', async () => {
    const document = await page(sampleSession());
    const rows = [...document.querySelectorAll('#people table.people tbody tr')].map((row) =>
      [...row.children].map((cell) => cell.textContent.replaceAll(/\s+/g, ' ').trim()),
    );
    assert.deepEqual(
      rows.map(([number, name, , summed]) => [number, name, summed]),
      [
        ['2', 'Ada', '3 of 3'],
        ['–', 'Chloé no longer in the last roster', '1 of 2'],
        ['3', 'Emmy', '3 of 3'],
        ['4', 'Sofia', '3 of 3'],
        ['1', 'Grace', '1 of 1'],
      ],
    );
    assert.match(rows[0]![2]!, /^ADAF FFFF/);
    assert.equal(textOf(document, '#people .words'), 'orbit lemon paper violin');
    assert.match(textOf(document, '#people table.compact'), /1 exit supreme tobacco liquid 4 3 yes/);
  });

  it('names who left and what was refused in the roster of that round, and what came from outside', async () => {
    const document = await page(sampleSession());
    const events = textOf(document, '#events');
    assert.match(events, /Round 2 1 participant is missing from the sum; .*1 new attempt/);
    assert.match(events, /Who left: Chloé\./);
    assert.match(
      events,
      /Outside of the rounds 1 message was refused.* 10\.0\.0\.9 message refused .* unproven/,
    );
    assert.match(events, /Grace message refused Masked input reason bad-signature/);
  });

  it('leaves out what only a simulation can know, and shows how long the coordinator waited', async () => {
    const document = await page(sampleSession());
    const headings = textOf(document, '#rounds thead th');
    assert.equal(
      headings,
      'Round | Epoch | Attempts | Keys | Shares | Masked | Revealed | Left | Refused | Clipped',
    );
    assert.match(textOf(document, '#rounds caption'), /no machine of a session can check/);
    assert.match(textOf(document, '#costs'), /Masked input 8.0 s 8.0 s 11 of 12/);
    const all = document.body.textContent;
    for (const claim of [
      'bit for bit',
      'clients train for',
      'Largest error',
      'This was a simulation',
      'Node',
    ])
      assert.ok(!all.includes(claim), claim);
  });

  it('warns plainly where the words were not compared, and only there', async () => {
    const compared = await page(sampleSession());
    assert.equal(textOf(compared, '.banner'), '');
    assert.match(textOf(compared, '#people .compared'), /^Everyone who confirmed has compared/);
    const unseen = await page(sampleSession({ session: { identitiesCompared: false } }));
    assert.match(textOf(unseen, '.banner'), /The words were not compared\. Somebody accepted them unseen/);
    assert.match(textOf(unseen, '#people .compared'), /^Not everyone compared/);
  });

  it('says openly how a session ended that did not end well', async () => {
    const ends = [
      [{ ended: 'stopped' }, /^Stopped after 3 of 3/, /The leader stopped the session/],
      [{ ended: 'round-burnt' }, /^Aborted in round 4/, /“round-burnt”/],
      [{ ended: 'unfinished' }, /has not ended/, /can go on/],
    ] as const;
    for (const [change, headline, banner] of ends) {
      const document = await page(sampleSession(change));
      assert.match(textOf(document, 'h1'), headline);
      assert.match(textOf(document, '.banner'), banner);
    }
  });

  it('is a page even for a session whose lobby never closed', async () => {
    const empty = {
      rounds: [],
      attempts: [],
      phases: [],
      events: [],
      resolved: null,
      final: null,
      ended: 'stopped',
    };
    const document = await page(
      sampleSession({ ...empty, session: { words: [], members: [], epochs: [], state: 'stopped' } }),
    );
    assert.match(textOf(document, 'h1'), /^Stopped before the first round ended/);
    assert.equal(document.querySelector('#people'), null);
  });

  it('speaks French, with the numbers of French', async () => {
    const document = await page(sampleSession({ session: { identitiesCompared: false } }), 'fr');
    assert.match(textOf(document, 'h1'), /^Quatre participants reconnaissent 9\d,\d/);
    assert.match(textOf(document, '.banner'), /Les mots n’ont pas été comparés\./);
    assert.match(textOf(document, '#people'), /plus dans la dernière liste/);
    assert.ok(!/participant is missing|Waited|Fingerprint/.test(document.body.textContent));
  });

  it('lets no name of a stranger become markup', async () => {
    const hostile = '"><img src=x onerror=alert(1)>';
    const sample = sampleSession();
    const members = sample.session.members.map((member) => ({ ...member, name: hostile }));
    const epochs = sample.session.epochs.map((epoch) => ({ ...epoch, members, words: [hostile] }));
    const document = await page(
      sampleSession({ session: { title: hostile, members, epochs, words: [hostile] } }),
    );
    assert.equal(document.querySelector('img'), null);
    assert.ok(document.querySelector('#people')?.textContent.includes(hostile));
  });
});

describe('the JSON and CSV of a session', () => {
  it('reads back what was written, unchanged', () => {
    const result = sampleSession();
    assert.deepEqual(parseResultJson(resultJson(result), 'report.json'), result);
  });

  it('refuses a session whose rounds claim what only a simulation has', () => {
    const [round] = sampleSimulation().rounds;
    const result = { ...sampleSession(), rounds: [round] };
    assert.throws(() => parseResultJson(JSON.stringify(result), 'report.json'), { code: 'file-unreadable' });
  });

  it('has a line for each round, with the epoch, and nothing of what is not known', () => {
    const [header, ...lines] = resultCsv(sampleSession())
      .trim()
      .split('\r\n')
      .map((line) => line.split(','));
    const at = (name: string): string[] => lines.map((line) => line[header!.indexOf(name)]!);
    assert.deepEqual(at('epoch'), ['1', '1', '2']);
    assert.deepEqual(at('dropped'), ['', '2', '']);
    for (const name of ['exactSum', 'quantisationError.largest', 'ms.train', 'ms.client'])
      assert.deepEqual(at(name), ['', '', '']);
  });
});
