// The TypeScript SDK's own OAuth client: it signs in, calls tools, refreshes after its access token is gone, and asks
// again after the connection has ended. What it says goes to standard output, a line of JSON each.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [modules, address] = process.argv.slice(2);
const require = createRequire(`${modules}/`);
const load = (name) => import(pathToFileURL(require.resolve(`@modelcontextprotocol/sdk/${name}.js`)));
const { Client } = await load('client/index');
const { StreamableHTTPClientTransport } = await load('client/streamableHttp');
const { UnauthorizedError } = await load('client/auth');

const say = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);
const codes = [];
let waiting = null;
const callback = createServer((request, response) => {
  const code = new URL(request.url, 'http://127.0.0.1').searchParams.get('code');
  response.end('Thank you.');
  if (waiting) waiting(code);
  else codes.push(code);
});
await new Promise((ready) => callback.listen(0, '127.0.0.1', ready));
const redirectUrl = `http://127.0.0.1:${callback.address().port}/callback`;

const kept = {};
const provider = {
  redirectUrl,
  clientMetadata: { client_name: 'The TypeScript SDK', redirect_uris: [redirectUrl], token_endpoint_auth_method: 'none' },
  state: () => 'a state',
  clientInformation: () => kept.client,
  saveClientInformation: (client) => void (kept.client = client),
  tokens: () => kept.tokens,
  saveTokens: (tokens) => void (kept.tokens = tokens),
  redirectToAuthorization: (url) => say({ open: url.href }),
  saveCodeVerifier: (verifier) => void (kept.verifier = verifier),
  codeVerifier: () => kept.verifier,
};

async function connected() {
  const client = new Client({ name: 'test', version: '1' });
  let transport = new StreamableHTTPClientTransport(new URL(address), { authProvider: provider });
  try {
    await client.connect(transport);
  } catch (error) {
    if (!(error instanceof UnauthorizedError)) throw error;
    await transport.finishAuth(codes.shift() ?? (await new Promise((come) => (waiting = come))));
    transport = new StreamableHTTPClientTransport(new URL(address), { authProvider: provider });
    await client.connect(transport);
  }
  return client;
}

const client = await connected();
const added = await client.callTool({ name: 'add_task', arguments: { title: 'Buy milk' } });
say({ added: added.structuredContent.data.title, scope: kept.tokens.scope });
const before = kept.tokens.refresh_token;
kept.tokens = { ...kept.tokens, access_token: 'gone' };
const again = await connected();
const listed = await again.callTool({ name: 'list_tasks', arguments: {} });
say({ listed: listed.structuredContent.data.total, rotated: kept.tokens.refresh_token !== before });
callback.close();
process.exit(0);
