/** A call from the interface: known by name, its arguments checked, its error in words that a person can use. */
import {
  type CallError,
  type CallResult,
  type MethodArguments,
  type MethodName,
  type MethodResults,
  methodSchemas,
} from '../../core/contract/host.ts';
import { isFederationError } from '../../core/errors/federation-error.ts';

export type HostMethods = {
  readonly [Name in MethodName]: (
    args: MethodArguments<Name>,
  ) => MethodResults[Name] | Promise<MethodResults[Name]>;
};

/** An error of the host itself, not of the services under it. */
export class HostFailure extends Error {
  override readonly name = 'HostFailure';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export type OnFault = (error: unknown, call: string) => void;

/** Never rejects. onFault: told of faults of Masquerade's own. */
export async function answerCall(
  methods: HostMethods,
  name: unknown,
  args: unknown,
  onFault: OnFault,
): Promise<CallResult<MethodName>> {
  if (typeof name !== 'string' || !Object.hasOwn(methodSchemas, name))
    return failed({ code: 'call-unknown', message: 'Cannot do this: there is no such call.', details: {} });
  const method = name as MethodName;
  const read = methodSchemas[method].safeParse(args);
  if (!read.success) {
    const [issue] = read.error.issues;
    const path = issue?.path.join('.') ?? '';
    const field = path === '' ? 'the arguments' : path;
    const message = `Cannot use ${field}: ${issue?.message ?? 'not as they must be'}.`;
    return failed({ code: 'arguments-refused', message, details: { field: path } });
  }
  try {
    const call = methods[method] as (
      args: unknown,
    ) => MethodResults[MethodName] | Promise<MethodResults[MethodName]>;
    return { ok: true, value: await call(read.data) };
  } catch (error) {
    return failed(describe(error, method, onFault));
  }
}

function failed(error: CallError): CallResult<MethodName> {
  return { ok: false, error };
}

function describe(error: unknown, method: string, onFault: OnFault): CallError {
  if (error instanceof HostFailure) return { code: error.code, message: error.message, details: {} };
  if (isFederationError(error)) {
    const { code, message, details } = error;
    return { code, message, details: { ...details } };
  }
  onFault(error, method);
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'fault', message: `This is a fault of Masquerade: ${message}`, details: {} };
}
