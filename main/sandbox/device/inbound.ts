/**
 * The closed door of a computer that is there for OpenClaw: nobody in its network reaches anything on it but the way
 * that its person and ClawCove come in, SSH. Pure.
 *
 * OpenClaw listens on all its addresses, as it has to in a container. So no home starts where this door isn't shut:
 * the unit of the fence, without which no home starts, stands on it.
 */
import type { OtherComputer } from '../../contract.ts';
import { fenceUnit, unitFolder } from '../distro/names.ts';
import type { GuestFile } from '../distro/system.ts';
import { inboundFile, inboundUnit } from './names.ts';

/** ICMP and that of IPv6, by number: a bare system has no list of protocols’ names (seen on Debian 12). */
const icmp = '{ 1, 58 }';

/** Questions for names that end in this go to everybody in the network, and their owner answers. Source: RFC 6762. */
const asksEverybody = /\.local$/i;
const namesPort = 5353;

/**
 * A verdict to drop counts whatever other tables say, one to accept only here: what the person has closed stays
 * closed. Answers to its own questions for an address (DHCP) come unasked, as far as the kernel can tell.
 *
 * @param computer as it is reached
 */
export function inboundRules({ host, port }: Pick<OtherComputer, 'host' | 'port'>): string {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error('not a port');
  const rules = [
    'type filter hook input priority -10',
    'policy drop',
    'iif lo accept',
    'ct state established,related accept',
    `meta l4proto ${icmp} accept`,
    'udp dport { 68, 546 } accept',
    ...(asksEverybody.test(host) ? [`udp dport ${namesPort} accept`] : []),
    `tcp dport ${port} accept`,
    // At once, so that nobody waits for an answer that doesn't come.
    'meta l4proto tcp reject with tcp reset',
  ];
  return `table inet clawcove_inbound {}
delete table inet clawcove_inbound
table inet clawcove_inbound {
chain in { ${rules.join(' ; ')} ; }
}
`;
}

const unit = `[Unit]
Description=The closed door of this computer, kept by ClawCove
DefaultDependencies=no
Before=network-pre.target
Wants=network-pre.target
After=local-fs.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=nft -f ${inboundFile}
ExecReload=nft -f ${inboundFile}

[Install]
WantedBy=multi-user.target
`;

/** With every start of a home the rules are laid anew, should somebody have taken them away meanwhile. */
const onTheDoor = `[Unit]
Requires=${inboundUnit}
After=${inboundUnit}

[Service]
ExecStartPre=nft -f ${inboundFile}
ExecReload=nft -f ${inboundFile}
`;

/** What of it lies on that computer. */
export const inboundFiles = (computer: OtherComputer): GuestFile[] => [
  { path: inboundFile, text: inboundRules(computer), mode: '644' },
  { path: `${unitFolder}/${inboundUnit}`, text: unit, mode: '644' },
  { path: `${unitFolder}/${fenceUnit}.d/inbound.conf`, text: onTheDoor, mode: '644' },
];
