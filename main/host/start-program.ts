import { spawn } from 'node:child_process';
import { nothingToInherit } from './inheritance.ts';

/** Starts a program that lives on when this one ends, and holds nothing of what this one has open. */
export function startProgram(file: string): void {
  spawn(file, [], {
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', ...nothingToInherit()],
  }).unref();
}
