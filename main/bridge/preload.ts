import { contextBridge, ipcRenderer } from 'electron';
import type { AppBridge, Reply, Snapshot } from '../contract.ts';
import { channels } from './channels.ts';
import type { Served } from './serve.ts';

/**
 * All that the page gets from outside its sandbox: four functions, no channel
 * names, no Electron objects. Whatever it sends is parsed again in main.
 */
const bridge: AppBridge = {
  do: (intent) => ipcRenderer.invoke(channels.act, intent) as Promise<Reply>,
  async snapshot() {
    const served = (await ipcRenderer.invoke(channels.snapshot)) as Served<Snapshot>;
    if (!served.ok) throw new Error(served.problem.code);
    return served.value;
  },
  onSnapshot(listener) {
    const hear = (_event: unknown, snapshot: Snapshot) => listener(snapshot);
    ipcRenderer.on(channels.changed, hear);
    return () => {
      ipcRenderer.off(channels.changed, hear);
    };
  },
  drawn: () => ipcRenderer.send(channels.drawn),
};

contextBridge.exposeInMainWorld('app', bridge);
