import { expect, it } from 'vitest';
import { readComputer } from './computer-input.ts';

const filled = (host: string, account = 'ada', port = '22') => {
  const form = new FormData();
  form.set('host', host);
  form.set('account', account);
  form.set('port', port);
  return form;
};

it.each([
  ['192.168.1.30', { host: '192.168.1.30', account: 'ada', port: 22 }],
  [' Old-Laptop.local ', { host: 'old-laptop.local', account: 'ada', port: 22 }],
])('reads which computer is meant: %j', (host, computer) => {
  expect(readComputer(filled(host))).toEqual({ ok: true, computer });
});

it.each([
  ['', 'ada', '22', { host: 'bad-host' }],
  ['-oProxyCommand=id', 'ada', '22', { host: 'bad-host' }],
  ['127.0.0.1', 'ada', '22', { host: 'bad-host' }],
  ['localhost', 'ada', '22', { host: 'bad-host' }],
  ['192.168.1.300', 'ada', '22', { host: 'bad-host' }],
  ['a b', 'ada', '22', { host: 'bad-host' }],
  ['a;id', 'ada', '22', { host: 'bad-host' }],
  ['ada@host', 'ada', '22', { host: 'bad-host' }],
  ['host', '-l', '22', { account: 'bad-account' }],
  ['host', 'a b', '22', { account: 'bad-account' }],
  ['host', '', '22', { account: 'bad-account' }],
  ['host', 'ada', '0', { port: 'bad-port' }],
  ['host', 'ada', '65536', { port: 'bad-port' }],
  ['host', 'ada', '22x', { port: 'bad-port' }],
  ['host', 'ada', '-1', { port: 'bad-port' }],
  ['', '', '', { host: 'bad-host', account: 'bad-account', port: 'bad-port' }],
])('says what is wrong with %j, %j, %j', (host, account, port, errors) => {
  expect(readComputer(filled(host, account, port))).toEqual({ ok: false, errors });
});
