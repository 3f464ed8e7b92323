import { createServer } from 'node:http';
import { openClawVersions } from './settings.ts';

// The one package of npm's that homes here ask about. Run as a process of its own: node npm-server.ts
// ADDRESS PORT. What it says of OpenClaw is changed by PUT /openclaw, and is all of it by PUT without a body.

const latest = openClawVersions[openClawVersions.length - 1];

/** Shaped as npm's client wants it. Source: npm's registry documentation, package metadata. */
const versionOf = (version: string) => ({
  name: 'openclaw',
  version,
  dist: { tarball: 'http://npm.invalid/openclaw.tgz', shasum: '0'.repeat(40) },
});
const fresh = JSON.stringify({
  name: 'openclaw',
  'dist-tags': { latest },
  versions: Object.fromEntries(openClawVersions.map((version) => [version, versionOf(version)])),
});
let packument = fresh;

const [address, port] = process.argv.slice(2);
createServer((request, response) => {
  const { method, url } = request;
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const isKnown = url === '/openclaw';
    if (isKnown && method === 'PUT') packument = Buffer.concat(chunks).toString('utf8') || fresh;
    response.writeHead(isKnown ? 200 : 404, { 'content-type': 'application/json' });
    response.end(isKnown ? packument : '{"error":"Not found"}');
  });
}).listen(Number(port), address);
