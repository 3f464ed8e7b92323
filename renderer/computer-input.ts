import { OtherComputer } from '../main/contract.ts';

/** The fields of a computer's form that are wrong: the ends of keys under `homes.computer`. */
export type ComputerErrors = { readonly [field in keyof OtherComputer]?: `bad-${field}` };

export type ComputerInput =
  | { readonly ok: true; readonly computer: OtherComputer }
  | { readonly ok: false; readonly errors: ComputerErrors };

/** Reads which computer the person means. */
export function readComputer(filled: FormData): ComputerInput {
  const word = (name: string) => String(filled.get(name) ?? '').trim();
  const port = word('port');
  const written = {
    host: word('host').toLowerCase(),
    account: word('account'),
    port: /^\d{1,5}$/.test(port) ? Number(port) : null,
  };
  const read = OtherComputer.safeParse(written);
  if (read.success) return { ok: true, computer: read.data };
  const wrong = new Set(read.error.issues.map(({ path }) => path[0]));
  return {
    ok: false,
    errors: {
      ...(wrong.has('host') && { host: 'bad-host' }),
      ...(wrong.has('account') && { account: 'bad-account' }),
      ...(wrong.has('port') && { port: 'bad-port' }),
    },
  };
}
