import { describe, expect, it } from 'vitest';
import { lackIn } from './needs.ts';

const saying = (untrustedOut: string, exitCode = 0) => ({
  exitCode,
  untrustedOut,
  untrustedErr: '',
  truncated: false,
});
const range = '>=24.16.0 <25 || >=26.1.0';

describe('what a release needs of Node', () => {
  it.each<[string, string, boolean]>([
    ['24.16.0', range, true],
    ['24.21.0', range, true],
    ['26.1.0', range, true],
    ['27.0.0-nightly20261101', range, true],
    ['24.15.9', range, false],
    ['25.3.0', range, false],
    ['26.0.9', range, false],
    ['22.9.0', range, false],
    ['20.1.0', '*', true],
  ])('image with %s, %s: %s', (has, needs, isMet) => {
    const lack = lackIn(saying(JSON.stringify({ has, needs })));
    expect(lack).toEqual(isMet ? null : { has, needs });
  });

  it.each([
    ['nothing', saying('', 1)],
    ['no JSON', saying('SyntaxError: {')],
    ['no need', saying('{"has":"22.1.0"}')],
    ['a need that is no range', saying('{"has":"22.1.0","needs":"the newest"}')],
    ['a need that is not ours', saying('{"has":"22.1.0","needs":{"npm":"1"}}')],
    ['a version that is none', saying('{"has":"yes","needs":">=24"}')],
    ['too much', saying(JSON.stringify({ has: '22.1.0', needs: '>=24 '.repeat(100) }))],
  ])('that says %s is left to the rehearsal', (_, result) => {
    expect(lackIn(result)).toBeNull();
  });
});
