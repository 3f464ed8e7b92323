import { describe, expect, it } from 'vitest';
import { formatAgo, formatBytes, formatDuration, formatList, formatShare } from './format.ts';

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

  it('joins words and writes shares', () => {
    expect(formatList(['a', 'b', 'c'], 'en')).toBe('a, b, and c');
    expect(formatList(['甲', '乙'], 'zh-CN')).toBe('甲和乙');
    expect(formatShare(0.424, 'en')).toBe('42%');
  });
});
