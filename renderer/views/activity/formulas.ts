/** The formula one level below each sentence, and its letters (messages: watch.where.*). Symbols are the same in every language. */
import type { Topic } from '../../state/session-view.svelte.ts';

const masking = 'y_{u} = x_{u} + PRG(b_{u}) + Σ_{v>u} PRG(s_{uv}) − Σ_{v<u} PRG(s_{uv})   mod 2^{bits}';
const unmasking = 'Σ_{U₃} x_{u} = Y − Σ_{U₃} PRG(b_{u}) − Σ_{u∈U₂∖U₃} Σ_{v∈U₃} ±PRG(s_{uv})';

export const formulas: Readonly<Partial<Record<Topic, string>>> = {
  keys: 'C_{u} = g^{c}, S_{u} = g^{s}',
  'advertise-keys': 'C_{u} = g^{c}, S_{u} = g^{s}',
  shares: 'f(x) = b_{u} + a_{1}x + … + a_{t−1}x^{t−1},  f(x_{v}) for v',
  'share-keys': 'f(x) = b_{u} + a_{1}x + … + a_{t−1}x^{t−1},  f(x_{v}) for v',
  training: 'x_{u} = round( S · n_{u}/W · clamp(w_{u} − w, ±R) )',
  masking,
  'zone-masked': masking,
  mask: 'y_{u} − x_{u} = PRG(b_{u}) + Σ_{v>u} PRG(s_{uv}) − Σ_{v<u} PRG(s_{uv})   mod 2^{bits}',
  'masked-input': masking,
  signing: 'σ = RSA-PSS_{SHA-256}(d_{u}, m)',
  signed: 'σ = RSA-PSS_{SHA-256}(d_{u}, m)',
  sending: '|y_{u}| = d · bits / 8',
  verified: 'Y ← Y + y_{u}   mod 2^{bits}',
  dropped: 'Σ_{v∈U₃} ±PRG(s_{uv})',
  recovered: 's_{u} = Σ_{j} λ_{j} f(x_{j}),  λ_{j} = Π_{k≠j} x_{k} / (x_{k} − x_{j})',
  refused: 'verify(e_{u}, m, σ) = 0',
  web: 's_{uv} = KDF( S_{v}^{s_u} ) = KDF( S_{u}^{s_v} )',
  sum: unmasking,
  unmask: unmasking,
  statement: '2T − n > ⌊n/3⌋',
  threshold: 'T ≥ ⌊2n/3⌋ + 1',
  arrives: 'P(y = k) = 2^{−bits}',
  masked: masking,
  noise: 'x_{u} = round( S · clip_{C}(w_{u} − w) ) + N(0, z^{2}Δ^{2}/h)',
  loss: '−(1/n) Σ_{i} ln p_{i}',
  f1: 'Σ_{c} (n_{c}/n) · 2 P_{c}R_{c} / (P_{c} + R_{c})',
};

/** Whose letters are explained under another topic. */
const lettersOf = {
  'advertise-keys': 'keys',
  'share-keys': 'shares',
  mask: 'masking',
  'masked-input': 'masking',
  'zone-masked': 'masking',
  masked: 'masking',
  signed: 'signing',
  unmask: 'sum',
} as const;

/** The topic whose letters these are. */
export function letterTopic(topic: Topic): string {
  return topic in lettersOf ? lettersOf[topic as keyof typeof lettersOf] : topic;
}
