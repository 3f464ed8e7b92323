import { IconChevronDown } from '@tabler/icons-react';
import { type ReactNode, useId, useState } from 'react';
import css from './disclosure.module.css';

/** A line that opens to show more. */
export function Disclosure({
  label,
  about,
  children,
  aside = false,
}: {
  readonly label: string;
  /** Said to screen readers only, where the same label stands several times on a page. */
  readonly about?: string;
  readonly children: ReactNode;
  /** Lets the button stand at the end of a grid's row and the content below the whole row. */
  readonly aside?: boolean;
}) {
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <div className={css.disclosure} data-aside={aside}>
      <button
        type="button"
        className={css.button}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        {label}
        {about !== undefined && <span className="unseen"> {about}</span>}
        <IconChevronDown size={15} stroke={2} className={css.chevron} aria-hidden="true" />
      </button>
      <div id={id} className={css.content} hidden={!open}>
        {open && children}
      </div>
    </div>
  );
}
