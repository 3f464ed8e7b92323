import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bindMount } from './hardening.ts';

describe('a folder in an argument', () => {
  /** As engines read it. Source: Go's encoding/csv. */
  const readCsv = (line: string): string[] => {
    const fields: string[] = [];
    const pattern = /"((?:[^"]|"")*)"(?:,|$)|([^,]*)(?:,|$)/gy;
    while (pattern.lastIndex < line.length) {
      const match = pattern.exec(line);
      if (!match) break;
      fields.push(match[1] === undefined ? (match[2] ?? '') : match[1].replaceAll('""', '"'));
    }
    return fields;
  };

  it('comes out as it went in, whatever it is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (name) => {
        const fields = readCsv(bindMount(`/home/${name}`, '/home/node/shared', ['nosuid', 'nodev']));
        expect(fields).toEqual([
          'type=bind',
          `src=/home/${name}`,
          'dst=/home/node/shared',
          'nosuid',
          'nodev',
        ]);
      }),
    );
  });
});
