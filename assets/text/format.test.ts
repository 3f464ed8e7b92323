import { describe, expect, it } from 'vitest';
import {
  formatAgo,
  formatAhead,
  formatBytes,
  formatDuration,
  formatHour,
  formatList,
  formatServer,
  formatShare,
} from './format.ts';

describe('format', () => {
  it('writes sizes as people read them', () => {
    expect(formatBytes(0, 'en')).toBe('0 bytes');
    expect(formatBytes(999, 'en')).toBe('999 bytes');
    expect(formatBytes(647_000_000, 'en')).toBe('647 MB');
    expect(formatBytes(999_900_000, 'en')).toBe('1 GB');
    expect(formatBytes(1_540_000_000, 'en')).toBe('1.5 GB');
    expect(formatBytes(64_000_000_000, 'zh-CN')).toBe('64 GB');
    expect(formatBytes(-5, 'en')).toBe('0 bytes');
  });

  it('rounds waits so that they do not flicker', () => {
    expect(formatDuration(0, 'en')).toBe('10 seconds');
    expect(formatDuration(34, 'en')).toBe('40 seconds');
    expect(formatDuration(58, 'en')).toBe('1 minute');
    expect(formatDuration(130, 'zh-CN')).toBe('2分钟');
    expect(formatDuration(3600, 'en')).toBe('1 hour');
  });

  it('says how long ago, and leaves "just now" to the caller', () => {
    expect(formatAgo(1000, 30_000, 'en')).toBeNull();
    expect(formatAgo(5000, 1000, 'en')).toBeNull();
    expect(formatAgo(0, 150_000, 'en')).toBe('2 minutes ago');
    expect(formatAgo(0, 7_300_000, 'zh-CN')).toBe('2小时前');
    expect(formatAgo(0, 90_000_000, 'en')).toBe('1 day ago');
  });

  it('says when something comes, as near as it needs', () => {
    const noon = new Date(2026, 10, 22, 12).getTime();
    const hour = 3_600_000;
    // Intl sets a narrow blank before AM and PM.
    const said = (at: number, language: string) => formatAhead(at, noon, language).replaceAll('\u202f', ' ');
    expect(said(noon + 3 * hour, 'en')).toBe('3:00 PM');
    expect(said(noon + 15 * hour, 'en')).toMatch(/^Monday.*3:00 AM$/);
    expect(said(noon + 15 * hour, 'zh-CN')).toMatch(/^星期一.*3:00$/);
    expect(said(noon + 7 * 24 * hour, 'en')).toMatch(/^November 29.*12:00 PM$/);
    expect(formatHour(3, 'en').replaceAll('\u202f', ' ')).toBe('3:00 AM');
    expect(formatHour(20, 'zh-CN')).toBe('20:00');
  });

  it('joins words and writes shares', () => {
    expect(formatList(['a', 'b', 'c'], 'en')).toBe('a, b, and c');
    expect(formatList(['甲', '乙'], 'zh-CN')).toBe('甲和乙');
    expect(formatShare(0.424, 'en')).toBe('42%');
  });
});

it.each([
  ['https://llm.example.com/v1', 'llm.example.com'],
  ['https://llm.example.com:8443/v1/#https://api.openai.com', 'llm.example.com:8443'],
  ['http://192.168.1.5:11434/v1', 'http://192.168.1.5:11434'],
  // Its first letter is a Cyrillic one.
  ['https://\u0430pi.openai.com/v1', 'xn--pi-6kc.openai.com'],
])('shows of %s what counts', (address, server) => {
  expect(formatServer(address)).toBe(server);
});
