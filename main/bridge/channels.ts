/** The names that both ends of the bridge know; the values are typed by AppBridge. */
export const channels = {
  act: 'app:act',
  snapshot: 'app:snapshot',
  changed: 'app:changed',
  drawn: 'app:drawn',
} as const;
