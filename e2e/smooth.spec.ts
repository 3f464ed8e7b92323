import { chownSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ElectronApplication, expect, type Page } from '@playwright/test';
import { zip } from '../main/private-data/testing/archives.ts';
import { docx, pdf } from '../main/private-data/testing/documents.ts';
import { savedChoices, test } from './fixtures.ts';
import { rigUser } from './rig/user.ts';

/**
 * A gigabyte of documents is searched while somebody uses the window. What counts are ratios in one run: the same
 * window on the same computer, with nothing to search.
 */
const GiB = 1024 ** 3;
/** At rest the window is watched for so long (ms), and as long as it takes while it is searched. */
const restFor = 15_000;

/** What was measured in one stretch; all in ms. */
interface Smoothness {
  /** Between two pictures. */
  readonly frames: { readonly p99: number; readonly longest: number; readonly count: number };
  /** From a movement of the mouse until the page hears of it. */
  readonly input: { readonly p99: number; readonly longest: number };
  /** By which main's own timers come late. */
  readonly main: { readonly p99: number; readonly longest: number };
}

/** Starts to measure, in the page and in main. */
async function begin(electron: ElectronApplication, page: Page): Promise<void> {
  await page.evaluate(() => {
    const frames: number[] = [];
    const inputs: number[] = [];
    let last = performance.now();
    let isOver = false;
    const frame = () => {
      const now = performance.now();
      frames.push(now - last);
      last = now;
      if (!isOver) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    const hear = (event: Event) => inputs.push(performance.now() - event.timeStamp);
    window.addEventListener('pointermove', hear);
    Object.assign(window, {
      endMeasure: () => {
        isOver = true;
        window.removeEventListener('pointermove', hear);
        return { frames, inputs };
      },
    });
  });
  await electron.evaluate(() => {
    const { monitorEventLoopDelay } = process.getBuiltinModule('node:perf_hooks');
    const delay = monitorEventLoopDelay({ resolution: 10 });
    delay.enable();
    Object.assign(globalThis, { loopDelay: delay });
  });
}

async function end(electron: ElectronApplication, page: Page): Promise<Smoothness> {
  const { frames, inputs } = await page.evaluate(() =>
    (window as unknown as { endMeasure: () => { frames: number[]; inputs: number[] } }).endMeasure(),
  );
  const main = await electron.evaluate(() => {
    const { loopDelay } = globalThis as unknown as {
      loopDelay: { disable(): void; percentile(share: number): number; max: number };
    };
    loopDelay.disable();
    return { p99: loopDelay.percentile(99) / 1e6, longest: loopDelay.max / 1e6 };
  });
  const of = (values: readonly number[]) => {
    const sorted = values.toSorted((a, b) => a - b);
    return { p99: sorted[Math.floor(sorted.length * 0.99)] ?? 0, longest: sorted.at(-1) ?? 0 };
  };
  return { frames: { ...of(frames), count: frames.length }, input: of(inputs), main };
}

/** A person who moves the mouse about until something is so. */
async function moveAbout(page: Page, until: () => Promise<boolean>): Promise<void> {
  for (let step = 0; !(await until()); step++) {
    for (let each = 0; each < 10; each++)
      await page.mouse.move(100 + ((step * 37 + each * 11) % 600), 200 + each);
    await page.waitForTimeout(100);
  }
}

/** Ordinary documents of so many bytes in all; none is like another. */
function fill(folder: string, bytes: number): number {
  const { uid, gid } = rigUser();
  mkdirSync(folder, { recursive: true });
  chownSync(folder, uid, gid);
  const words =
    'the harbour was quiet that evening and nobody had seen the boat since noon when it left'.split(' ');
  const prose = (seed: number, length: number) => {
    const lines: string[] = [];
    for (let at = 0, size = 0; size < length; at++) {
      const line = Array.from(
        { length: 12 },
        (_, each) => words[(seed * 7 + at * 13 + each * each) % words.length],
      );
      lines.push(`${at + seed}. ${line.join(' ')}.`);
      size += 80;
    }
    return lines;
  };
  let written = 0;
  for (let number = 0; written < bytes; number++) {
    const [name, contents] = [
      () => [`${number}.txt`, Buffer.from(prose(number, 4 * 1024 ** 2).join('\n'))] as const,
      () =>
        [
          `${number}.csv`,
          Buffer.from(
            prose(number, 3 * 1024 ** 2)
              .join('\n')
              .replaceAll(' ', ','),
          ),
        ] as const,
      () => [`${number}.docx`, docx(prose(number, 256 * 1024))] as const,
      () => [`${number}.pdf`, pdf(prose(number, 24 * 1024))] as const,
      () => [`${number}.zip`, zip({ 'a.txt': prose(number, 2 * 1024 ** 2).join('\n') })] as const,
    ][number % 5]?.() ?? ['', Buffer.alloc(0)];
    const path = join(folder, name);
    writeFileSync(path, contents);
    chownSync(path, uid, gid);
    written += contents.length;
  }
  return written;
}

test('a gigabyte is searched without the window stuttering', { tag: '@long' }, async ({ movedIn }) => {
  test.setTimeout(1_800_000);
  const { electron, page, home } = await movedIn();
  const folder = join(String(savedChoices().sharedFolder), 'a gigabyte');
  await home.checkNow();
  await begin(electron, page);
  const restedUntil = Date.now() + restFor;
  await moveAbout(page, async () => Date.now() > restedUntil);
  const rest = await end(electron, page);
  try {
    const bytes = fill(folder, GiB);
    await begin(electron, page);
    const began = Date.now();
    await page.getByRole('button', { name: 'Check now' }).click();
    await moveAbout(page, async () => {
      if (Date.now() - began < 5_000) return false;
      const is = await home.row('private-data').getAttribute('data-is');
      const isFree = await page.getByRole('button', { name: 'Check now', exact: true }).isEnabled();
      if (is === 'unknown' && isFree)
        await page.getByRole('button', { name: 'Check now', exact: true }).click();
      return is === 'ok' && isFree;
    });
    const searched = await end(electron, page);
    const seconds = (Date.now() - began) / 1000;
    console.log(JSON.stringify({ bytes, seconds, rest, searched }, null, 2));
    // A picture that comes late by half a second is seen; one that comes late by a tenth is not.
    expect(searched.frames.longest).toBeLessThan(Math.max(500, 3 * rest.frames.longest));
    expect(searched.input.p99).toBeLessThan(Math.max(100, 3 * rest.input.p99));
    expect(searched.main.longest).toBeLessThan(Math.max(500, 3 * rest.main.longest));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  await home.checkNow();
  await home.expectLight('good');
});
