/**
 * What the set-up of TensorFlow downloads, pinned: another file than these is never used. Checksums are those that the
 * registries publish; the archive's is also the one that nixpkgs and others pin.
 */

import { wheelBytes } from '../../main/compute/tensorflow-facts.ts';

/** A package of the npm registry, and which of its files are needed: names of files, and of folders with their files. */
export interface NpmPackage {
  readonly name: string;
  readonly version: string;
  /** As lock files have it. */
  readonly integrity: string;
  readonly sizeBytes: number;
  /** Placed beside TensorFlow. */
  readonly kept: readonly RegExp[];
}

/** TensorFlow's libraries and headers, in a file of a known checksum. */
export interface TensorflowFile {
  readonly version: string;
  readonly sha256: string;
  /** Undefined where the server tells it. */
  readonly sizeBytes?: number;
  /** The file names that the addon is linked with, in the file's own folders. */
  readonly libraries: readonly string[];
  /** Below which the headers lie. */
  readonly include: string;
  /** Its licence and notices: the names that they are placed by, and theirs. */
  readonly notices: Readonly<Record<'LICENSE' | 'NOTICES.txt', string>>;
}

export interface Sources {
  readonly packages: readonly NpmPackage[];
  readonly archive: TensorflowFile & { readonly address: string };
  readonly wheel: TensorflowFile & {
    readonly requirement: string;
    readonly options: readonly string[];
    /** Of all that is placed on the disk when the libraries are this file's. */
    readonly placedBytes: number;
  };
}

export const sources: Sources = {
  packages: [
    {
      name: '@tensorflow/tfjs-node',
      version: '4.22.0',
      integrity:
        'sha512-uHrXeUlfgkMxTZqHkESSV7zSdKdV0LlsBeblqkuKU9nnfxB1pC6DtoyYVaLxznzZy7WQSegjcohxxCjAf6Dc7w==',
      sizeBytes: 228_166,
      kept: [
        /^package\.json$/,
        /^dist\/(nodejs_kernel_backend|register_all_kernels|int64_tensors)\.js$/,
        /^dist\/kernels\/\w+(?<!_test)\.js$/,
        /^dist\/proto\/api_pb\.js$/,
      ],
    },
    {
      // only tfjs-node's messages for TensorBoard, which are loaded with its backend
      name: 'google-protobuf',
      version: '3.21.4',
      integrity:
        'sha512-MnG7N936zcKTco4Jd2PX2U96Kf9PxygAPKBug+74LHzmHXmceN16MmRcdgZv+DGef/S9YvQAfRsNCn4cjf9yyQ==',
      sizeBytes: 68_046,
      kept: [/^package\.json$/, /^google-protobuf\.js$/, /^LICENSE(-asserts)?\.md$/],
    },
  ],
  archive: {
    address:
      'https://storage.googleapis.com/tensorflow/libtensorflow/libtensorflow-cpu-linux-x86_64-2.9.1.tar.gz',
    version: '2.9.1',
    sha256: '7f510d2546e3db5e10b1d119463689003d587842892ad3c95bca51cf82820173',
    libraries: ['lib/libtensorflow.so.2', 'lib/libtensorflow_framework.so.2'],
    include: 'include',
    notices: { LICENSE: 'LICENSE', 'NOTICES.txt': 'THIRD_PARTY_TF_C_LICENSES' },
  },
  wheel: {
    requirement: 'tensorflow-cpu==2.15.1',
    // the same file for every Python
    options: [
      '--platform=manylinux2014_x86_64',
      '--implementation=cp',
      '--python-version=3.11',
      '--abi=cp311',
      '--only-binary=:all:',
    ],
    version: '2.15.1',
    sha256: '54660c074d7241a503e81edfd9f5ef5af88f64051b72e2945f26318c790f2d26',
    sizeBytes: wheelBytes.fetched,
    placedBytes: wheelBytes.placed,
    libraries: ['tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.so.2'],
    include: 'tensorflow/include',
    notices: {
      LICENSE: 'tensorflow_cpu-2.15.1.dist-info/LICENSE',
      'NOTICES.txt': 'tensorflow/THIRD_PARTY_NOTICES.txt',
    },
  },
};
