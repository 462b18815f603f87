/**
 * Group 14 of RFC 3526, section 3: the 2048-bit safe prime p = 2^2048 - 2^1984 - 1 + 2^64 * (floor(2^1918 pi) +
 * 124476) with generator 2, which generates the subgroup of prime order (p - 1) / 2.
 */
import { fromHex } from '../bytes/bytes.ts';

/** p as 256 bytes, big-endian. */
export const MODP_14_PRIME: Uint8Array<ArrayBuffer> = fromHex(
  'ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74' +
    '020bbea63b139b22514a08798e3404ddef9519b3cd3a431b302b0a6df25f1437' +
    '4fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7ed' +
    'ee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3dc2007cb8a163bf05' +
    '98da48361c55d39a69163fa8fd24cf5f83655d23dca3ad961c62f356208552bb' +
    '9ed529077096966d670c354e4abc9804f1746c08ca18217c32905e462e36ce3b' +
    'e39e772c180e86039b2783a2ec07a28fb5c55df06f4c52c9de2bcbf695581718' +
    '3995497cea956ae515d2261898fa051015728e5a8aacaa68ffffffffffffffff',
);

export const MODP_14_GENERATOR = 2;

/** Length of an element of the group, and of every result: fixed, big-endian, padded with zeros. */
export const MODP_14_BYTES = 256;
