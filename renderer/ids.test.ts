import { expect, it } from 'vitest';
import * as contract from '../main/contract.ts';
import { guideItems, modelProviders, settingsPages } from './ids.ts';

it('lists exactly what the contract lists', () => {
  expect(guideItems).toEqual(contract.guideItems);
  expect(modelProviders).toEqual(contract.modelProviders);
  expect(settingsPages).toEqual(contract.SettingsPage.options);
});

it('the views, and what they share with main, import the contract for its types alone, save what parses input', () => {
  const files = import.meta.glob<string>(
    [
      './**/*.{ts,tsx}',
      '!./**/*.test.ts',
      '!./model-input.ts',
      '!./nearby-input.ts',
      '!./computer-input.ts',
      '../main/readings.ts',
    ],
    { query: '?raw', import: 'default', eager: true },
  );
  expect(files['../main/readings.ts']).not.toMatch(/import (?!type\b)/);
  const byValue =
    /import (?!type\b)[^;]*main\/contract\.ts|import (?!type\b)[^;]*\/(?:model|nearby|computer)-input\.ts/;
  expect(Object.keys(files).filter((name) => byValue.test(files[name] ?? ''))).toEqual([]);
});
