import { isAbsolute, join } from 'node:path';

/** Under each of its names. Source: OpenClaw's and Clawdbot's own state paths. */
const brands = ['OPENCLAW', 'CLAWDBOT', 'MOLTBOT'] as const;

/**
 * Where OpenClaw's own variables have it keep what it knows; pure. None of a shell's are known to a program that was
 * started from a desktop; those that were set for everything that the person starts are.
 */
export function placesIn(environment: NodeJS.ProcessEnv, home: string): string[] {
  const absolute = (path: string) => path.replace(/^~(?=$|[\\/])/, () => home);
  return brands
    .flatMap((brand) => {
      const [state, top] = [environment[`${brand}_STATE_DIR`]?.trim(), environment[`${brand}_HOME`]?.trim()];
      return [
        ...(state ? [absolute(state)] : []),
        ...(top ? [join(absolute(top), `.${brand.toLowerCase()}`)] : []),
      ];
    })
    .filter((path) => isAbsolute(path));
}
