import { expect, it } from 'vitest';
import { digestOf } from './sums.ts';

const sum = 'ab'.repeat(64);
const other = '01'.repeat(64);
const list = `${other}  debian-12-generic-amd64.raw\n${sum}  debian-12-generic-amd64.qcow2\r\n${other} *image.iso\n`;

it('finds the one file', () => {
  expect(digestOf(list, 'debian-12-generic-amd64.qcow2')).toBe(sum);
  expect(digestOf(list, 'image.iso')).toBe(other);
  expect(digestOf(list, 'debian-12-generic-amd64')).toBeNull();
  expect(digestOf(`${sum.slice(1)}  x\n`, 'x')).toBeNull();
  expect(digestOf('<html>Welcome</html>', 'x')).toBeNull();
});
