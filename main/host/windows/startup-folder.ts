import { join } from 'node:path';

/**
 * What Windows starts when this person logs in, and nothing else. Not translated: only Explorer shows another name.
 *
 * @param roaming `%APPDATA%`
 */
export const startupFolder = (roaming: string): string =>
  join(roaming, 'Microsoft', 'Windows', 'Start Menu', 'Programs', 'Startup');
