import type { Icon } from '@tabler/icons-react';
import css from './icon-tile.module.css';

/** An icon on a tile of its own, beside the words that say the same. */
export function IconTile({ icon: Glyph }: { readonly icon: Icon }) {
  return (
    <span className={css.tile} aria-hidden="true">
      <Glyph size={22} stroke={1.7} />
    </span>
  );
}
