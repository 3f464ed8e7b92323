/** Whom ClawCove's own questions trust where the system keeps a list: a company's or a virus scanner's authority is there. */
import tls from 'node:tls';

/**
 * From now on as browsers do. A Node from before 22.19 or 24.5 keeps to its own list.
 *
 * @param own where Node says and is told whom it trusts
 */
export function trustSystem(
  own: Partial<Pick<typeof tls, 'getCACertificates' | 'setDefaultCACertificates'>> = tls,
): void {
  const { getCACertificates, setDefaultCACertificates } = own;
  if (!getCACertificates || !setDefaultCACertificates) return;
  setDefaultCACertificates([...getCACertificates('default'), ...getCACertificates('system')]);
}
