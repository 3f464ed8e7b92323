/** What a person is told of an engine that was looked for. */
import type { Say } from '../../text.ts';
import type { Found } from './presence.ts';

/** One sentence, in the language of `say`. */
export function sentenceOf({ name, presence }: Found, say: Say): string {
  const engine = { engine: name };
  switch (presence.is) {
    case 'ready':
      return say('present.ready', { ...engine, version: presence.version });
    case 'too-old':
      return say('present.too-old', { ...engine, version: presence.version, needs: presence.needs });
    case 'unknown':
      return say('present.unknown', { ...engine, detail: presence.detail });
    case 'elsewhere':
    case 'not-running':
    case 'not-set-up':
    case 'not-permitted':
    case 'absent':
      return say(`present.${presence.is}`, engine);
  }
}
