import css from './brand.module.css';

/** The mark: a cove (a C of land) with a claw safe inside it. */
export function BrandMark({ size = 26 }: { readonly size?: number }) {
  return (
    <svg viewBox="0 0 64 64" width={size} height={size} aria-hidden="true" className={css.mark}>
      <path d="M47.6 14.6A24 24 0 1 0 47.6 49.4" className={css.cove} />
      <path
        d="M30.6 47.6C22 43.4 18.8 34.6 23.2 26.4c1.7-3.2 4.6-5.6 7.8-6.4-1.1 5.4-.4 10 2.6 13.4 1.7-4.3 5-7.6 9.6-8.5 3.2 8 1.6 17.6-5.9 22.7-2.2 1.3-4.5 1.1-6.7 0Z"
        className={css.claw}
      />
    </svg>
  );
}

/** Mark and name. */
export function Brand() {
  return (
    <span className={css.brand}>
      <BrandMark />
      <span translate="no">ClawCove</span>
    </span>
  );
}
