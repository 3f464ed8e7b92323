import { Choices, NearbyService } from '../main/contract.ts';

/** What the person wrote, or why it can't be let through: the end of a key under `home.nearby`. */
export type NearbyInput =
  | { readonly ok: true; readonly services: Choices['nearbyServices'] }
  | { readonly ok: false; readonly error: 'bad' | 'known' | 'full' };

/** Adds a service to those that are let through; an address copied from a browser will do. */
export function readNearby(written: string, services: Choices['nearbyServices']): NearbyInput {
  const plain = written
    .trim()
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, '')
    .replace(/\/.*$/, '');
  if (!NearbyService.safeParse(plain).success) return { ok: false, error: 'bad' };
  if (services.includes(plain)) return { ok: false, error: 'known' };
  const more = Choices.shape.nearbyServices.safeParse([...services, plain]);
  return more.success ? { ok: true, services: more.data } : { ok: false, error: 'full' };
}
