import css from './brand.module.css';
import { clawPath } from './claw.ts';

/** The mark: a cove (a C of land) with a claw safe inside it. */
function BrandMark({ size = 26 }: { readonly size?: number }) {
  return (
    <svg viewBox="0 0 64 64" width={size} height={size} aria-hidden="true" className={css.mark}>
      <path d="M48.4 13.6A25 25 0 1 0 48.4 50.4" className={css.cove} />
      <path
        d={clawPath}
        transform="translate(33 32.6) rotate(38) scale(.62) translate(-32 -30)"
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
