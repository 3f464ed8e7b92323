import { networkInterfaces } from 'node:os';
import { fileURLToPath } from 'node:url';
import { startDaemon, stopDaemon } from './daemon.ts';
import { onNeighbour } from './lan.ts';
import { isRoot, lan, modelPort } from './settings.ts';

/** What the model server remembers of a request. */
export interface ModelRequest {
  /** ISO time. */
  at: string;
  method: string;
  path: string;
  hasKey: boolean;
  streamed: boolean;
  lastUserMessage: string | null;
}

const addresses = () => Object.values(networkInterfaces()).flatMap((list) => list ?? []);

/** The made-up internet's server where root made one, else an address of this computer that isn't loopback (the fence forbids loopback). */
function modelAddress(): string {
  if (addresses().some(({ address }) => address === lan.internetSideOfHost)) return lan.internetServer;
  return addresses().find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';
}

/** Where a container reaches the model; the API's base URL is this with `/v1`. */
export const modelOrigin = (): string => `http://${modelAddress()}:${modelPort}`;

const reaches = async () =>
  (await fetch(`${modelOrigin()}/rig/requests`).catch(() => undefined))?.ok === true;

/** Starts the model server on the made-up internet (without root: on this computer). */
export async function startModel(): Promise<void> {
  const server = fileURLToPath(new URL('model-server.ts', import.meta.url));
  // In its own namespace every address is the rig's; on this computer only the one address opens.
  const argv = [process.execPath, server, isRoot ? '0.0.0.0' : modelAddress(), String(modelPort)];
  await startDaemon({ name: 'model', argv: isRoot ? onNeighbour(argv) : argv, ready: reaches });
}

/** Takes the model off the net. */
export const stopModel = (): Promise<void> => stopDaemon('model');

/** What the model was asked since it started or was last told to forget, oldest first. */
export async function modelRequests(): Promise<ModelRequest[]> {
  const response = await fetch(`${modelOrigin()}/rig/requests`);
  return (await response.json()) as ModelRequest[];
}

/** Makes the model forget what it was asked. */
export async function forgetModelRequests(): Promise<void> {
  await fetch(`${modelOrigin()}/rig/requests`, { method: 'DELETE' });
}
