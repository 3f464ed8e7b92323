/// <reference types="vite/client" />
import type { AppBridge } from '../main/contract.ts';

declare global {
  interface Window {
    /** Put there by main/bridge/preload.ts. */
    readonly app: AppBridge;
  }
}
