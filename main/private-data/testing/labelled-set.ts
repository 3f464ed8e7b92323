import { type PrivateKind, privateKinds } from '../found.ts';
import { type Draw, drawFrom, examples, pick } from './examples.ts';

/** A text of which is known what it holds. */
export interface Labelled {
  readonly kind: PrivateKind;
  readonly text: string;
}

const english =
  'The meeting was moved to Thursday because the room was taken. Please bring the figures for the last quarter. ';
const chinese = '会议改到星期四，因为房间被占用了。请带上上个季度的数字，我们会在下午讨论。';

/** What people keep such things in. A find stands on lines of its own, in a sentence, in a cell or as a value. */
const surroundings: readonly ((find: string) => string)[] = [
  (find) => find,
  (find) => `${english}\n\n${find}\n\n${english}`,
  (find) => `${chinese}\n${find}\n${chinese}`,
  (find) => `# Notes\n\n- bread, milk\n\n\`\`\`\n${find}\n\`\`\`\n\n${english}`,
  (find) => `${english.repeat(700)}\n${find}\n`,
];
const inLine: readonly ((find: string) => string)[] = [
  (find) => `${english}It says: ${find}. ${english}`,
  (find) => `${chinese}记下：${find}。${chinese}`,
  (find) => JSON.stringify({ id: 7, note: find, tags: ['home'] }, null, 2),
  (find) => `id,note,when\n7,"${find.replaceAll('"', '""')}",2026-03-04\n`,
  (find) => `| id | note |\n| -- | ---- |\n| 7 | ${find} |\n`,
];

/** Some examples of every kind, each in some of what people keep such things in; the same for the same seed. */
export function labelledSet(seed: number, ofEach: number): readonly Labelled[] {
  const draw: Draw = drawFrom(seed);
  return privateKinds.flatMap((kind) =>
    Array.from({ length: ofEach }, (_, at) => {
      const make = examples[kind][at % examples[kind].length] ?? pick(draw, examples[kind]);
      const find = make(draw);
      const isTable = kind === 'password-export';
      const isLine = !find.includes('\n');
      return {
        kind,
        text: isTable ? find : pick(draw, isLine ? [...surroundings, ...inLine] : surroundings)(find),
      };
    }),
  );
}
