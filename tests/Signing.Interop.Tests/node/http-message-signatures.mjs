import { randomUUID } from "node:crypto";
import { createSigner, createVerifier, httpbis } from "http-message-signatures";
import { drive } from "./driver.mjs";

// The library takes the lines of a field as one entry.
function headers(fields) {
  const entries = {};
  for (const [name, value] of fields) {
    const key = name.toLowerCase();
    entries[key] = key in entries ? [entries[key], value].flat() : value;
  }

  return entries;
}

// A response has a status, and the request that it answers.
function message({ method, url, status, fields }) {
  return status === undefined ? { method, url, headers: headers(fields) } : { status, headers: headers(fields) };
}

const requestOf = ({ request }) => request && message(request);

drive({
  async sign(signed, covered, { key, secret }) {
    const { headers: fields } = await httpbis.signMessage({
      key: createSigner(secret, "hmac-sha256", key),
      fields: covered,
      params: ["created", "nonce", "keyid", "alg"],
      paramValues: { nonce: randomUUID() },
    }, message(signed), requestOf(signed));
    return [["Signature-Input", fields["Signature-Input"]], ["Signature", fields.Signature]];
  },
  verify(signed, required, { key, secret }) {
    const verifier = { id: key, algs: ["hmac-sha256"], verify: createVerifier(secret, "hmac-sha256") };
    return httpbis.verifyMessage({
      keyLookup: async ({ keyid }) => (keyid === key ? verifier : null),
      requiredFields: required,
      requiredParams: ["created", "keyid"],
      maxAge: 300,
      all: true,
    }, message(signed), requestOf(signed));
  },
});
