import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { movedInMachine } from '../testing/apps.ts';
import { openDoors } from '../testing/doors.ts';
import { notesFrom, readNotes } from './release-notes.ts';

/** Shaped like the file in openclaw@2026.9.6. */
const changelog = `# Changelog

## 2026.9.6

### Highlights

- Updates: complete managed upgrades and let \`Doctor\` work finish. (#145335, #152973)
- Models: add **Opus** and [GPT](https://example.com/x). (#155966) Thanks @jalehman.

### Changes

- Themes: let agents list <b>themes</b>.

## 2026.9.5

- Something older.
`;

describe('the notes of a version', () => {
  it('are its first points, without marks, numbers and thanks', () => {
    expect(notesFrom(changelog, '2026.9.6')).toEqual([
      'Updates: complete managed upgrades and let Doctor work finish.',
      'Models: add Opus and GPT.',
      'Themes: let agents list bthemes/b.',
    ]);
    expect(notesFrom(changelog, '2026.9.5')).toEqual(['Something older.']);
  });

  it('are none for a version that isn’t there', () => {
    for (const text of ['', changelog, '## 2026.9.70', '## 2026.9.7\n'])
      expect(notesFrom(text, '2026.9.7')).toEqual([]);
  });

  it('are bounded plain text whatever stands there', () => {
    const line = fc.string({ unit: 'binary', maxLength: 400 });
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const notes = notesFrom(['## 2026.9.7', ...lines.map((one) => `- ${one}`)].join('\n'), '2026.9.7');
        expect(notes.length).toBeLessThanOrEqual(6);
        for (const note of notes) {
          expect(note.length).toBeLessThanOrEqual(241);
          expect(note).not.toMatch(/[\p{Cc}\p{Cf}]/u);
        }
      }),
    );
    const long = notesFrom(`## 2026.9.7\n- ${'word '.repeat(500)}`, '2026.9.7');
    expect(long[0]).toMatch(/^(word )+word…$/);
  });

  it('are read from the home that runs', async () => {
    const { doors, machine } = openDoors(await movedInMachine());
    machine.changelog = changelog;
    const signal = new AbortController().signal;
    expect(await readNotes(doors.sandbox, '2026.9.6', signal)).toHaveLength(3);
    machine.changelog = null;
    expect(await readNotes(doors.sandbox, '2026.9.6', signal)).toEqual([]);
  });
});
