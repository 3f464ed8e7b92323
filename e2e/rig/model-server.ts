import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

// A language model that answers "PONG: <what the person said>", in the OpenAI protocol. Run as a process
// of its own: node model-server.ts ADDRESS PORT. What it was asked is kept at GET /rig/requests (newest
// last) and forgotten by DELETE /rig/requests. A key that starts with "sk-wrong" is turned away with 401.

interface Recorded {
  at: string;
  method: string;
  path: string;
  hasKey: boolean;
  streamed: boolean;
  lastUserMessage: string | null;
}

interface Message {
  role: string;
  content: string | { text?: string }[] | null;
}

interface ChatRequest {
  model?: string;
  stream?: boolean;
  messages?: Message[];
}

const model = 'rig-1';
// A bound, so that a gateway gone wild can't fill the memory.
const keep = 1000;
const requests: Recorded[] = [];

const textOf = ({ content }: Message): string =>
  typeof content === 'string' ? content : (content ?? []).map((part) => part.text ?? '').join('');

/** OpenClaw puts the time before what the person said and a paragraph about itself behind it. */
const bare = (text: string): string =>
  text.replace(/^\[\w{3} [\d-]+ [\d:]+ [^\]]+\] /, '').replace(/\n\nRuntime: agent=[\s\S]*$/, '');

/** It also adds whole notes as further user messages; the person's last words come before them. */
function lastWords(messages: Message[] = []): string | null {
  const words = messages
    .filter(({ role }) => role === 'user')
    .map(textOf)
    .filter((text) => !text.trimStart().startsWith('<<<BEGIN_OPENCLAW_INTERNAL_CONTEXT>>>'));
  const last = words.at(-1);
  return last === undefined ? null : bare(last);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

function sendAnswer(response: ServerResponse, asked: ChatRequest, text: string): void {
  const common = { id: 'chatcmpl-rig', created: 0, model: asked.model ?? model };
  const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
  if (!asked.stream) {
    const message = { role: 'assistant', content: text };
    const choices = [{ index: 0, message, finish_reason: 'stop' }];
    sendJson(response, 200, { ...common, object: 'chat.completion', choices, usage });
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  const chunk = (delta: object, finish_reason: string | null, more = {}) => {
    const choices = [{ index: 0, delta, finish_reason }];
    response.write(
      `data: ${JSON.stringify({ ...common, object: 'chat.completion.chunk', choices, ...more })}\n\n`,
    );
  };
  chunk({ role: 'assistant', content: '' }, null);
  for (const piece of text.match(/[\s\S]{1,16}/g) ?? []) chunk({ content: piece }, null);
  chunk({}, 'stop', { usage });
  response.end('data: [DONE]\n\n');
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = '', url = '', headers } = request;
  const body = await bodyOf(request);
  if (url === '/rig/requests') {
    if (method === 'DELETE') requests.length = 0;
    sendJson(response, 200, requests);
    return;
  }
  const asked = (body ? JSON.parse(body) : {}) as ChatRequest;
  const words = lastWords(asked.messages);
  requests.push({
    at: new Date().toISOString(),
    method,
    path: url,
    hasKey: headers.authorization !== undefined,
    streamed: asked.stream === true,
    lastUserMessage: words,
  });
  if (requests.length > keep) requests.shift();
  if (headers.authorization?.startsWith('Bearer sk-wrong')) {
    const error = {
      message: 'Incorrect API key provided.',
      type: 'invalid_request_error',
      code: 'invalid_api_key',
    };
    sendJson(response, 401, { error });
  } else if (url === '/v1/models') {
    sendJson(response, 200, { object: 'list', data: [{ id: model, object: 'model', owned_by: 'rig' }] });
  } else if (url === '/v1/chat/completions' && method === 'POST') {
    // OpenClaw puts its context before what the person said, and hides it again wherever it shows up.
    sendAnswer(response, asked, `PONG: ${words?.trim().split('\n').at(-1) ?? ''}`);
  } else {
    sendJson(response, 404, { error: { message: `No ${method} ${url} here.` } });
  }
}

const [address, port] = process.argv.slice(2);
createServer((request, response) => {
  answer(request, response).catch((error: Error) => {
    if (!response.headersSent) sendJson(response, 400, { error: { message: error.message } });
  });
}).listen(Number(port), address);
