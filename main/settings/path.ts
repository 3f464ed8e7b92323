/** Names of settings. */
import * as z from 'zod';
import { parseJson } from '../parse-json.ts';

/** From the outermost key on. */
export type SettingPath = readonly string[];

/** A path as one word, and back. */
export const keyOf = (path: SettingPath): string => JSON.stringify(path);
export const pathOf = (key: string): SettingPath => z.array(z.string()).catch([]).parse(parseJson(key));
