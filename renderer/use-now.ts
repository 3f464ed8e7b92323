import { useEffect, useState } from 'react';

/** Now, in ms since 1970; moves on by itself so that "2 minutes ago" stays true. */
export function useNow(everyMs = 20_000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
