import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';

/** A dialog with a name to read out; Escape closes it, a click beside it only where nothing is asked. */
export function Dialog({
  label,
  size,
  onClose,
  closesOutside = true,
  opened = true,
  children,
}: {
  readonly label: string;
  readonly size: number;
  readonly onClose: () => void;
  readonly closesOutside?: boolean;
  readonly opened?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <Modal.Root
      opened={opened}
      onClose={onClose}
      size={size}
      centered
      // The body never scrolls, and locking it would add a style element without a nonce.
      lockScroll={false}
      padding={0}
      closeOnClickOutside={closesOutside}
      transitionProps={{ duration: 160 }}
    >
      <Modal.Overlay />
      <Modal.Content aria-label={label}>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
