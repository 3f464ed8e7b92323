/** What the app and the thread that searches say to each other; small, and seldom. */
import type { Problem } from '../contract.ts';
import type { PrivateSearch, SearchedPlace } from './found.ts';
import type { Limits } from './read/limits.ts';

/** What a thread of the program is for: to search, or to look into files. */
export interface ThreadTask {
  readonly is: 'search' | 'read';
  readonly program: ScanProgram;
  readonly limits: Limits;
}

/** Where the program of these threads lies. */
export interface ScanProgram {
  /** Its file. */
  readonly entry: string;
  /** Folder of the character maps that PDF files may need. */
  readonly maps: string;
  /** Whether this system shows a process its own open folders, and how long each of its threads has worked. */
  readonly hasProc: boolean;
}

export type Order =
  | { readonly is: 'look'; readonly places: readonly SearchedPlace[] }
  | {
      readonly is: 'take';
      readonly from: SearchedPlace;
      readonly untrustedPath: string;
      readonly keptFolder: string;
    }
  | {
      readonly is: 'put-back';
      readonly keptFolder: string;
      readonly keptName: string;
      readonly to: SearchedPlace;
      readonly untrustedPath: string;
    };

/** What an order is answered with. */
export interface Results {
  readonly look: PrivateSearch;
  readonly take: string | null;
  readonly 'put-back': null;
}

/** An order; null: the one of that number is cancelled. */
export interface ToThread {
  readonly id: number;
  readonly order: Order | null;
}

/** Tells for which places something is the answer. */
export const keyOf = (places: readonly SearchedPlace[]): string => JSON.stringify(places);

/** How a search stands, by {@link keyOf} its places; or what became of an order. */
export type FromThread =
  | { readonly is: 'standing'; readonly of: string; readonly search: PrivateSearch }
  | { readonly is: 'done'; readonly id: number; readonly result: Results[Order['is']] }
  | { readonly is: 'cancelled'; readonly id: number }
  | { readonly is: 'failed'; readonly id: number; readonly problem: Problem };
