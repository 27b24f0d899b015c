// What every library's process does around the library: it reads jobs as JSON lines from standard input and answers each
// with one line. `send` signs a message and sends it; `listen` opens a server that verifies what it is sent; `sign` and
// `verify` do the one or the other without a connection.
import { createHash } from "node:crypto";
import http from "node:http";
import https from "node:https";
import net from "node:net";
import { createInterface } from "node:readline";
import tls from "node:tls";

const components = ["@method", "@authority", "@path", "@query"];
const digest = (body) => `sha-256=:${createHash("sha256").update(body).digest("base64")}:`;

export function drive(library) {
  const jobs = {
    send: (job) => send(library, job),
    listen: (job) => listen(library, job),
    sign: async (job) => ({ fields: await library.sign(job, job.covered, job) }),
    verify: async (job) => ({ verified: await library.verify(job, job.status === undefined ? ["@method"] : ["@status"], job) }),
  };
  createInterface({ input: process.stdin }).on("line", async (line) => {
    const job = JSON.parse(line);
    const answer = await jobs[job.do](job).catch((error) => ({ error: String(error) }));
    process.stdout.write(`${JSON.stringify({ id: job.id, ...answer })}\n`);
  });
}

async function send(library, job) {
  const url = new URL(job.url);
  const fields = [...job.fields];
  const covered = [...components, ...job.covered];
  if (job.body !== null) {
    fields.push(["Content-Digest", digest(job.body)]);
    covered.push("content-digest", "content-type");
  }

  const signed = await library.sign({ method: job.method, url: url.href, fields }, covered, job);
  return exchange(url, [...fields, ...signed], job);
}

function exchange(url, fields, job) {
  const headers = { Host: job.host };
  for (const [name, value] of fields) {
    headers[name] = name in headers ? [headers[name], value].flat() : value;
  }

  if (job.body !== null && !job.chunked) {
    headers["Content-Length"] = Buffer.byteLength(job.body);
  }

  // The connection goes to the gateway of the test, whatever the address; and somebody on the way may change the bytes.
  const replaced = new Set();
  const createConnection = () => {
    const to = { host: "127.0.0.1", port: job.port };
    const socket = url.protocol === "https:" ? tls.connect({ ...to, ca: job.authority, servername: job.serverName }) : net.connect(to);
    const write = socket.write;
    socket.write = (chunk, encoding, done) => write.call(socket, tampered(chunk, encoding, job.replace, replaced), done);
    return socket;
  };
  return new Promise((resolve, reject) => {
    const request = (url.protocol === "https:" ? https : http).request(url, { method: job.method, headers, createConnection }, async (answer) => {
      resolve({ status: answer.statusCode, text: await text(answer), replaced: replaced.size });
    });
    request.on("error", reject);
    if (job.chunked) {
      const half = job.body.length >> 1;
      request.write(job.body.slice(0, half));
      request.end(job.body.slice(half));
    } else {
      request.end(job.body ?? undefined);
    }
  });
}

function tampered(chunk, encoding, replacements, replaced) {
  let bytes = Buffer.isBuffer(chunk) ? chunk.toString("latin1") : Buffer.from(chunk, encoding).toString("latin1");
  for (const [from, to] of replacements) {
    if (bytes.includes(from)) {
      bytes = bytes.replace(from, to);
      replaced.add(from);
    }
  }

  return Buffer.from(bytes, "latin1");
}

async function listen(library, job) {
  const server = http.createServer(async (request, response) => {
    const refusal = await refuses(library, request, job).catch(String);
    response.writeHead(refusal === null ? 200 : 401, { "Content-Type": "text/plain" });
    response.end(refusal ?? "verified");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: server.address().port };
}

// Null, or why the request is refused. Neither library looks at the content, so the digest is compared here.
async function refuses(library, request, job) {
  const body = await text(request);
  const { host, "x-forwarded-host": forwardedHost, "x-forwarded-proto": forwardedScheme } = request.headers;
  const origin = job.origin ?? `${forwardedScheme ?? "http"}://${forwardedHost ?? host}`;
  const fields = [];
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    fields.push([request.rawHeaders[i], request.rawHeaders[i + 1]]);
  }

  const required = "content-digest" in request.headers ? [...components, "content-digest"] : components;
  if (body !== "" && required === components) {
    return "there is no digest";
  }

  if (required !== components && request.headers["content-digest"] !== digest(body)) {
    return "the digest is another one";
  }

  return await library.verify({ method: request.method, url: origin + request.url, fields }, required, job) ? null : "the signature is another one";
}

async function text(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
