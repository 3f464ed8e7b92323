/**
 * Puts text on the clipboard, from a click. Main denies the page every
 * permission, the clipboard's too, so this uses the way that needs none.
 */
export function copyText(text: string): boolean {
  const box = document.createElement('textarea');
  box.value = text;
  box.setAttribute('readonly', '');
  box.className = 'unseen';
  // Inside an open dialog, because its focus trap won't let the focus out.
  const before = document.activeElement;
  (before?.closest('[role="dialog"]') ?? document.body).append(box);
  box.select();
  const copied = document.execCommand('copy');
  box.remove();
  if (before instanceof HTMLElement) before.focus();
  return copied;
}
