import { Notification } from 'electron';
import type { App } from '../app.ts';
import { withoutMarkup } from '../plain-text.ts';
import type { Say } from '../text.ts';
import { noticesFor, toldNothing } from './notices.ts';

/** How the system's own notices are shown and what a click on one does. */
export interface Teller {
  tell(title: string, body: string): void;
}

/** Shows notices through the system; where it has no place for them, nothing happens. */
export function createTeller(icon: string, onClick: () => void): Teller {
  // Kept until they are closed, or a collected one would lose its click.
  const shown = new Set<Notification>();
  return {
    tell(title, body) {
      if (!Notification.isSupported()) return;
      const notice = new Notification({ title: withoutMarkup(title), body: withoutMarkup(body), icon });
      notice.on('click', () => {
        shown.delete(notice);
        onClick();
      });
      notice.on('close', () => shown.delete(notice));
      shown.add(notice);
      notice.show();
    },
  };
}

/** Tells what {@link noticesFor} finds worth telling, from now on; returns the way to stop. */
export function tellNews(
  app: App,
  teller: Teller,
  { isWatched, now, say }: { isWatched: () => boolean; now: () => number; say: () => Say },
): () => void {
  let before = app.state.get();
  let told = toldNothing;
  return app.state.subscribe((next) => {
    const news = noticesFor(told, before, next, { isWatched: isWatched(), now: now(), say: say() });
    before = next;
    told = news.told;
    for (const { title, body } of news.notices) teller.tell(title, body);
  });
}
