import { describe, expect, it } from 'vitest';
import { readKey, readModel } from './model-input.ts';

function form(fields: Record<string, string>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  return data;
}

describe('readModel', () => {
  it('takes a provider, with or without a key', () => {
    expect(readModel(form({ provider: 'deepseek', key: '' }))).toEqual({
      ok: true,
      model: { provider: 'deepseek' },
      key: null,
    });
    expect(readModel(form({ provider: 'openai', key: '  sk-abc\n' }))).toMatchObject({ key: 'sk-abc' });
  });

  it('forgets a key when the person decides later', () => {
    expect(readModel(form({ provider: 'later', key: 'two words' }))).toMatchObject({ ok: true, key: null });
  });

  it('says which field is wrong', () => {
    expect(readModel(form({ provider: 'openai', key: 'two words' }))).toEqual({
      ok: false,
      errors: { key: 'bad-key' },
    });
    expect(readModel(form({ provider: 'custom', baseUrl: 'file:///etc', modelId: 'a b', key: '' }))).toEqual({
      ok: false,
      errors: { baseUrl: 'bad-url', modelId: 'bad-model-id' },
    });
  });

  it('takes a server of the person’s own', () => {
    expect(
      readModel(form({ provider: 'custom', baseUrl: 'http://127.0.0.1:11434/v1', modelId: 'qwen3:8b' })),
    ).toMatchObject({ ok: true, model: { provider: 'custom', modelId: 'qwen3:8b' } });
  });
});

describe('readKey', () => {
  it('is strict about what a key can be', () => {
    expect(readKey(' sk-1 ')).toBe('sk-1');
    expect(readKey('')).toBeNull();
    expect(readKey('密钥')).toBeNull();
    expect(readKey('x'.repeat(1001))).toBeNull();
  });
});
