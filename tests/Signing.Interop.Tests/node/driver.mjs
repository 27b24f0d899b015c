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
const componentsOfAnswer = ["@status", ...components.map((name) => `"${name}";req`), '"signature";req;key="sig"', "content-digest", "content-type"];
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

  const request = { method: job.method, url: url.href, fields };
  request.fields = [...fields, ...await library.sign(request, covered, job)];
  const { fields: answered, ...outcome } = await exchange(url, request.fields, job);
  const answer = { status: job.answerStatus ?? outcome.status, fields: answered, request };
  return { ...outcome, answer: outcome.status === 200 ? await refusesAnswer(library, answer, outcome.text, job).catch(String) ?? "verified" : null };
}

// Null, or why the answer is refused.
async function refusesAnswer(library, answer, content, job) {
  if (!answer.fields.some(([name, value]) => name.toLowerCase() === "content-digest" && value === digest(content))) {
    return "the digest is another one";
  }

  return await library.verify(answer, ["@status", "content-digest"], job) ? null : "the signature is another one";
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
      resolve({ status: answer.statusCode, text: await text(answer), replaced: replaced.size, fields: fieldsOf(answer) });
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
    const received = messageOf(request, job);
    const refusal = await refuses(library, received, await text(request), job).catch(String);
    if (refusal === null) {
      response.writeHead(200, Object.fromEntries(await answered(library, received, "verified", job)));
    } else {
      response.writeHead(401, { "Content-Type": "text/plain" });
    }

    response.end(refusal ?? "verified");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: server.address().port };
}

function messageOf(request, job) {
  const { host, "x-forwarded-host": forwardedHost, "x-forwarded-proto": forwardedScheme } = request.headers;
  const origin = job.origin ?? `${forwardedScheme ?? "http"}://${forwardedHost ?? host}`;
  return { method: request.method, url: origin + request.url, fields: fieldsOf(request) };
}

function fieldsOf({ rawHeaders }) {
  return Array.from({ length: rawHeaders.length / 2 }, (_, i) => [rawHeaders[2 * i], rawHeaders[2 * i + 1]]);
}

// Null, or why the request is refused. Neither library looks at the content, so the digest is compared here.
async function refuses(library, request, body, job) {
  const claimed = request.fields.find(([name]) => name.toLowerCase() === "content-digest");
  if (body !== "" && claimed === undefined) {
    return "there is no digest";
  }

  if (claimed !== undefined && claimed[1] !== digest(body)) {
    return "the digest is another one";
  }

  const required = claimed === undefined ? components : [...components, "content-digest"];
  return await library.verify(request, required, job) ? null : "the signature is another one";
}

// The fields of an answer that is signed for its request.
async function answered(library, request, content, job) {
  const fields = [["Content-Type", "text/plain"], ["Content-Digest", digest(content)]];
  return [...fields, ...await library.sign({ status: 200, fields, request }, componentsOfAnswer, job)];
}

async function text(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
