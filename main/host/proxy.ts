const names = ['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy'] as const;

/** Whether an address names this very computer, which a home can't reach. */
function isLoopback(proxy: string): boolean {
  return /^(?:[a-z\d]+:\/\/)?(?:[^@/]*@)?(?:127\.|localhost\b|\[::1\])/i.test(proxy);
}

/**
 * The proxy that this computer's programs are told to use; pure. Both spellings are set, because programs
 * differ in which one they heed.
 */
export function ownProxy(
  environment: NodeJS.ProcessEnv,
  isOfUse: (proxy: string) => boolean = () => true,
): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of names) {
    const value = environment[name] || environment[name.toUpperCase()];
    if (!value || (name !== 'no_proxy' && !isOfUse(value))) continue;
    found[name] = value;
    found[name.toUpperCase()] = value;
  }
  const isProxied = names.some((name) => name !== 'no_proxy' && name in found);
  return isProxied ? found : {};
}

/**
 * The same for a home; pure. A proxy on this computer itself is left out: a home can't reach it, and would be
 * cut off by it.
 */
export const proxyFrom = (environment: NodeJS.ProcessEnv): Readonly<Record<string, string>> =>
  ownProxy(environment, (proxy) => !isLoopback(proxy));
