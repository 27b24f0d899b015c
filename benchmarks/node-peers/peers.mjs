// Reads one signed request as JSON from standard input, has each library verify it again and again, and prints the median
// time of one verification as JSON, in nanoseconds. Hawk has a format of its own, so it signs the request itself first.
import Hawk from "hawk";
import crypto from "node:crypto";
import { createVerifier, httpbis } from "http-message-signatures";
import { verifySignature } from "http-message-sig";

const rounds = 15;
const roundTime = 100_000_000n;
const message = JSON.parse(await new Response(process.stdin).text());
const key = Buffer.from(message.secret);
const headers = Object.fromEntries(message.fields);

const verify = createVerifier(key, "hmac-sha256");
const lookUp = { id: message.keyId, algs: ["hmac-sha256"], verify };
const asNode = { method: message.method, url: message.url, headers };

const asDescriptor = {
  kind: "request",
  method: message.method,
  targetUri: message.url,
  fields: message.fields.map(([name, value]) => ({ name, value })),
};
const verifier = {
  algorithm: "hmac-sha256",
  verify(data, mac) {
    const expected = crypto.createHmac("sha256", key).update(data).digest();
    return expected.length === mac.length && crypto.timingSafeEqual(expected, mac);
  },
};
const policy = {
  algorithms: ["hmac-sha256"],
  requiredComponents: ["@method", "@authority", "@path", "@query"],
  requiredParameters: ["created", "keyid"],
  maxAge: 43_200,
  clockSkew: 5,
};

const credentials = { id: message.keyId, key: message.secret, algorithm: "sha256" };
const { header } = Hawk.client.header(message.url, message.method, { credentials });
const { host, pathname, search } = new URL(message.url);
const asHawk = { method: message.method, url: pathname + search, headers: { host, authorization: header } };

const libraries = {
  "http-message-signatures": async () => {
    if (!await httpbis.verifyMessage({ keyLookup: async () => lookUp }, asNode)) throw new Error("refused");
  },
  "http-message-sig": async () => {
    await verifySignature(asDescriptor, { policy, resolveVerifier: () => verifier });
  },
  hawk: async () => {
    await Hawk.server.authenticate(asHawk, () => credentials, { port: 443, timestampSkewSec: 43_200 });
  },
};

const times = Object.fromEntries(Object.keys(libraries).map((name) => [name, []]));
for (let round = -3; round < rounds; round++) {
  for (const [name, once] of Object.entries(libraries)) {
    const start = process.hrtime.bigint();
    let count = 0;
    let elapsed;
    do {
      for (let i = 0; i < 50; i++) await once();
      count += 50;
      elapsed = process.hrtime.bigint() - start;
    } while (elapsed < roundTime);
    if (round >= 0) times[name].push(Number(elapsed) / count);
  }
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
console.log(JSON.stringify(Object.fromEntries(Object.entries(times).map(([name, own]) => [name, median(own)]))));
