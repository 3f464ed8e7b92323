/** Reads what reg.exe prints; pure. Names of keys and types are never translated; other text comes in the console's old encoding. */

/** Values by name, of one key. */
export type RegistryValues = ReadonlyMap<string, string>;

/** Keys by their full name (`HKEY_CURRENT_USER\…`) with their values; numbers as `0x2`. */
export function parseRegistry(text: string): ReadonlyMap<string, RegistryValues> {
  const keys = new Map<string, Map<string, string>>();
  let current: Map<string, string> | null = null;
  for (const line of text.split(/\r*\n/)) {
    if (/^HKEY_/.test(line)) {
      current = new Map();
      keys.set(line.trimEnd(), current);
      continue;
    }
    const [, name, value] = /^ {4}(\S.*?) {4}REG_[A-Z_]+(?: {4}(.*))?$/.exec(line) ?? [];
    if (name !== undefined) current?.set(name, value ?? '');
  }
  return keys;
}

/** A number as reg.exe prints it; null for anything else. */
export function registryNumber(value: string | undefined): number | null {
  return value !== undefined && /^0x[0-9a-f]{1,8}$/i.test(value) ? Number(value) : null;
}
