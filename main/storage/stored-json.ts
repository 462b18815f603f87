/** JSON text in the database: what does not parse, or is another thing, means that the database is damaged. */
import { databaseDamaged } from './storage-errors.ts';

export function parseStored<Value>(path: string, table: string, text: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch (cause) {
    throw databaseDamaged(path, `a row of ${table} is not what was written there`, cause);
  }
}

/** An object with at least these fields, of these types. */
export function parseObject(
  path: string,
  table: string,
  text: string,
  fields: Readonly<Record<string, 'string' | 'number'>>,
): Readonly<Record<string, unknown>> {
  const value = parseStored<unknown>(path, table, text);
  const isWhole =
    typeof value === 'object' &&
    value !== null &&
    Object.entries(fields).every(
      ([field, type]) => typeof (value as Record<string, unknown>)[field] === type,
    );
  if (!isWhole) throw databaseDamaged(path, `a row of ${table} lacks what it must have`);
  return value as Readonly<Record<string, unknown>>;
}
