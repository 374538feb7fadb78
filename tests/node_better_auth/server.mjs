// A Better Auth server with its jwt plugin as it comes, everything in memory. Prints its address when it listens.
// POST /rotate makes a new signing key, as a key that has expired would.
import { createServer } from "node:http";
import { randomBytes } from "node:crypto";
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { toNodeHandler } from "better-auth/node";
import { jwt } from "better-auth/plugins";

const alg = process.argv[2];
const database = { user: [], session: [], account: [], verification: [], jwks: [] };
const server = createServer();
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const baseURL = `http://127.0.0.1:${server.address().port}`;

const auth = betterAuth({
  baseURL,
  secret: randomBytes(32).toString("hex"),
  database: memoryAdapter(database),
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  plugins: [jwt(alg ? { jwks: { keyPairConfig: { alg } } } : undefined)],
});
const handle = toNodeHandler(auth);

server.on("request", (request, response) => {
  if (request.url !== "/rotate") return handle(request, response);
  database.jwks.length = 0;
  response.writeHead(204).end();
});
console.log(baseURL);
