import css from './commands.module.css';

/** Commands exactly as they will run; can be selected, and scrolled with the keyboard. */
export function Commands({ lines, label }: { readonly lines: readonly string[]; readonly label: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <section className={css.box} tabIndex={0} aria-label={label} translate="no">
      <pre>{lines.join('\n')}</pre>
    </section>
  );
}
